"""Where relevance begins: the line between texts on a pack's subject and others, and how often it errs."""

from evals.relevance.line import Measured, Text, measure, off_topic, on_topic

__all__ = ["Measured", "Text", "measure", "off_topic", "on_topic"]
