"""Lists of this room that go out as files and come in again."""
