"""What is counted of submissions and statements, by whichever door they come."""

from __future__ import annotations

from prometheus_client import Counter

SUBMISSIONS = Counter("baton_submissions_total", "Leads sent to the door, by verdict", ["verdict"])
STATEMENTS = Counter("baton_statements_total", "What people stated about leads", ["statement"])
