"""Pages of households, citizens, clans, hamlets and organizations."""
