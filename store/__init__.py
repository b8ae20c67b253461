"""The facts: PostgreSQL through SQLAlchemy. Nobody outside sees a model: repositories hand out
frozen records."""
