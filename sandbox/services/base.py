"""What all services share: a closed pydantic model whose state is the service."""

from pydantic import BaseModel, ConfigDict

__all__ = ["Service"]


class Service(BaseModel):
    """A state machine of the fictional organisation.

    All of its state is in its fields, and all of it is JSON: a service is saved as a patch between two
    dumps and revived with ``model_validate``. Methods change the fields; they take the time and every
    other outside fact as arguments, draw nothing at random, and raise
    :class:`~ulterior.errors.Blocked` when the rules of the organisation forbid what was asked.
    """

    model_config = ConfigDict(extra="forbid")
