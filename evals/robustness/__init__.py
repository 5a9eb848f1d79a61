"""How much a search loses when its words are disguised or misspelt."""
