"""The HTTP door of Baton: one folder a resource, thin endpoints, one request = one transaction,
problem+json errors."""
