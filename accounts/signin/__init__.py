"""How somebody gets in: sessions, the sign-in library's hooks, guesses slowed down, the second factor."""
