"""What a process does to the world: one function an activity, one transaction each, repeatable
without effect.

``activities.registry`` lists them all under the names that the diagrams use.
"""
