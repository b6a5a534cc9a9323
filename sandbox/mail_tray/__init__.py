"""A mail tray: it takes every e-mail by SMTP, delivers none, and shows each as its reader sees it.

    python -m sandbox.mail_tray --smtp-port 0 --web-port 0 --state DIR

prints `smtp 127.0.0.1:PORT` and `web http://127.0.0.1:PORT`. Both listen on 127.0.0.1 only.
Mail to a mailbox named `bounce` is refused, as a mail server refuses an unknown address.

    GET    /api/messages?to=ben@example.com    newest first: id, to, from, subject, received_at, ...
    GET    /api/messages/<id>                  headers, text, html, and the parts with their URLs
    DELETE /api/messages                       empty the tray
"""
