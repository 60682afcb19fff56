"""What a library has for a workout, and what it lacks."""
