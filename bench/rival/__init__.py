"""A rival for the engine: the way of a new lead to its first task, written by hand.

A plain Temporal workflow, no BPMN, no DMN: one local activity and one transaction (asyncpg, one
statement that writes) do the business steps that the process ``lead`` does, and leave the same rows
for everybody who reads them. The API in front of it, the outbox and the relay behind that, and the
notices are Baton's own, so that both sides differ in nothing but how a process is run.

What it has not, all of it to its advantage: tables that can be changed (its policy is code),
shadows, drafts that are tried on the past (its decisions name version 1), the ways that a complete
lead does not go (a call, nurture, full dealers: ``NotWritten``), what comes after the first task,
a snapshot from which another version could go on, one stored result a step (it has one in all).

* ``policy`` what is decided, as plain functions;
* ``network`` dealers, distances and working hours, kept in memory as far as they have numbers;
* ``reading`` and ``writing`` the SQL;
* ``placing`` who gets a lead;
* ``first_task`` the activity;
* ``worker`` the workflow and its worker.
"""
