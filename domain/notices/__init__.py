"""What people are told by channels: what has not got through, and what somebody was told in
words."""
