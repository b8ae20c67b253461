"""What runs: settings, the servers of one machine, the supervisor, logs and metrics. No business in
here."""
