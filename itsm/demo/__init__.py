"""An invented region to try Spindel on: people, components, promises and a year of incidents, the same from a seed."""
