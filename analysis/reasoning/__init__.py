"""What the agent's own thoughts say of the rule, by word rules.

===============  ========================================================================================
``reading.py``   how sentences are read, what the labels mean, and how often the rules are wrong
``rules.py``     phrases that state it
``defiance.py``  two sentences that state it together: what is forbidden, and going on all the same
``excuses.py``   phrases that excuse it, play it down, or talk past it
===============  ========================================================================================
"""

from ulterior.analysis.reasoning.reading import (
    MEASURED,
    REASONING_VERSION,
    MeasuredIntent,
    read_intent,
    read_reasoning,
)

__all__ = ["MEASURED", "REASONING_VERSION", "MeasuredIntent", "read_intent", "read_reasoning"]
