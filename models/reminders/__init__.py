"""Reminders: who is told what when. Planned is computed, happened is stored."""
