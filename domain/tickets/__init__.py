"""Tickets: risks, complaints, requests, reports and whatever else has to be put right by named
people in time."""
