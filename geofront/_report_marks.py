"""Marks of figures that need a word more: one for each meaning.

What a mark means is said where it stands, as a text that begins with it.  A
mark clings to its figure: no line may break between them.
"""

__all__ = ["BOUND", "REDRAWN", "STATE", "VERDICT"]

BOUND = "\u00a0*"
"""A moment that is only a bound."""

VERDICT = "\u00a0†"
"""A verdict that depends on the estimated extent."""

REDRAWN = "\u00a0‡"
"""A figure across a step in which the source seems to have redrawn."""

STATE = "\u00a0§"
"""A state that depends on the estimated extent."""
