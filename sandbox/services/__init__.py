"""The services of the fictional organisation, reused across scenarios."""

from ulterior.sandbox.services.base import Service

__all__ = ["Service"]
