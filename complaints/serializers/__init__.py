"""The shapes of what comes in and what goes out. No business rule and no writing here."""
