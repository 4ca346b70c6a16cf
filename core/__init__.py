"""Pure helpers without restaurant words: money, text, times, tokens, errors, limits."""
