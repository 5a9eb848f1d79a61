"""The drafters behind `copilot.drafting.Drafter`: the embedded precedent drafter and the language model."""
