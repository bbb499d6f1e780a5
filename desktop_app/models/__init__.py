"""What is stored: tables, engine, journal and the plain records that cross to the ui."""
