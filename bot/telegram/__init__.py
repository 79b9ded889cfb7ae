"""The Telegram bot: updates come in, questions go to worker processes, answers are rendered and sent."""
