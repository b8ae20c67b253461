"""What the engine keeps of every case: its row, steps, tasks, deadlines, messages, history."""
