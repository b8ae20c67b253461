"""Screens among very many leads: how long people wait for every list and every page of the API.

``filled`` makes the leads, ``asked`` says what is asked (nothing that the OpenAPI document has may
be missing), ``waits`` asks it and makes the table.
"""
