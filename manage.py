#!/usr/bin/env python
"""The usual entry point of Django's commands."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "giftshop.settings")
    if sys.argv[1:2] == ["demo"]:  # it brings its own settings, and a fresh machine has none
        from giftshop.management.commands.demo import Command

        Command().run_from_argv(sys.argv)
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        _ = settings.SECRET_KEY
    except ImproperlyConfigured as refused:
        sys.exit(str(refused))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
