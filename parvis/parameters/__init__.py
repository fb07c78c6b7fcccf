"""Values the office may change without a deployment: each says its unit, default, bounds and meaning.

A room reads one with ``parameters.selectors.value(parameters.catalogue.CODE_DELAY)`` (a whole number in its unit) or
``duration(…)``; nobody keeps a copy. Changing one is a service (``services.change``) that writes the journal.
"""
