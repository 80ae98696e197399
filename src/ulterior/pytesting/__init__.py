"""What the pytest plugin does once somebody uses it; :mod:`ulterior.pytest_plugin` holds the hooks.

``options``, ``marked``, ``session``, ``items``, ``reporting`` and ``locking`` are loaded with pytest and
need nothing but pytest and the standard library. ``running``, ``episodes`` and ``gates`` need the whole of
Ulterior and are loaded by :mod:`ulterior.pytesting.session` when a test asks for them.
"""
