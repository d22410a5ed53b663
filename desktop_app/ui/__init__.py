"""The window: pages, widgets, theme and the one worker thread. The only home of Qt."""
