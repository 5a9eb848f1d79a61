"""How well a set's own labels are found, level by level and flag by flag: what one action against a text can't show."""
