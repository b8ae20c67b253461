"""What is kept of leads and of the people behind them, and how they are found."""
