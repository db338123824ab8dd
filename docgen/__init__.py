"""docgen: produce, file and find the papers that a service contract obliges a vendor to."""

__version__ = "0.1.0"
