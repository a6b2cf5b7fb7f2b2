"""The browser's half of the map: the files that the dashboard serves itself."""
