"""Coverage: which places no plan covers, which two cover, and how much of each commune is covered."""
