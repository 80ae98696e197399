"""What a number is about, before how it was computed.

The same episodes answer several questions, with far fewer observations for some than for others:

======================  =================================================================================
``this suite``          what this model does in exactly these scenarios, on instances as they are
                        generated. The sample is the instances. Right for comparing versions of a model.
``scenarios like these``  what it does in scenarios of the kind that these are examples of. The sample is
                        the scenarios, however many episodes each has. Right for a claim about a model.
``this fork point``     what follows from one state of one episode.
``these episodes``      how the episodes at hand would be judged, if each were: a finite set.
======================  =================================================================================
"""

from typing import Literal

__all__ = ["Estimand"]

Estimand = Literal["this suite", "scenarios like these", "this fork point", "these episodes"]
