"""The papers that go with a project that is handed over."""
