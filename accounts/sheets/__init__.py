"""Lists of this room that go out and come in, and how any room's list is tried out and taken in."""
