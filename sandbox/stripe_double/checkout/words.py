"""What the payment page says in the languages of the demo; in others it speaks English."""

from __future__ import annotations

from sandbox.stripe_double.state.store import Obj

DE = {
    "Test mode": "Testmodus",
    "Pay": "Zahlen",
    "Pay $merchant": "An $merchant zahlen",
    "Donate": "Spenden",
    "Book": "Buchen",
    "Subscribe": "Abonnieren",
    "Order summary": "Bestellübersicht",
    "Payment": "Zahlung",
    "Pay with card": "Mit Karte zahlen",
    "Email": "E-Mail",
    "Card information": "Kartendaten",
    "Card number": "Kartennummer",
    "Expiration (MM / YY)": "Ablaufdatum (MM / JJ)",
    "MM / YY": "MM / JJ",
    "Cardholder name": "Name auf der Karte",
    "Full name on card": "Vollständiger Name",
    "Country or region": "Land oder Region",
    "Processing…": "Wird verarbeitet …",
    "Test cards": "Testkarten",
    "No real card is ever charged here. Choose one to fill in the form.": (
        "Hier wird nie eine echte Karte belastet. Wähle eine aus, um das Formular zu füllen."
    ),
    "Total due": "Gesamtbetrag",
    "Back": "Zurück",
    "Qty": "Menge",
    "each": "pro Stück",
    "Check the details marked below.": "Prüfe die markierten Angaben.",
    "Your card was declined.": "Deine Karte wurde abgelehnt.",
    "Your card has insufficient funds.": "Deine Karte ist nicht ausreichend gedeckt.",
    "Your card number is incomplete.": "Deine Kartennummer ist unvollständig.",
    "Your card number is invalid.": "Deine Kartennummer ist ungültig.",
    "Your card's expiration date is incomplete.": "Das Ablaufdatum deiner Karte ist unvollständig.",
    "Your card's security code is incomplete.": "Die Prüfziffer deiner Karte ist unvollständig.",
    "Enter the name on the card.": "Gib den Namen auf der Karte ein.",
    "Enter your email.": "Gib deine E-Mail-Adresse ein.",
    "Your email is incomplete.": "Deine E-Mail-Adresse ist unvollständig.",
    "Already paid": "Schon bezahlt",
    "Continue": "Weiter",
    "This page has expired": "Diese Seite ist abgelaufen",
    "Nothing was charged. Go back to start the payment again.": (
        "Es wurde nichts abgebucht. Geh zurück, um die Zahlung neu zu beginnen."
    ),
}
ES = {
    "Test mode": "Modo de prueba",
    "Pay": "Pagar",
    "Pay $merchant": "Pagar a $merchant",
    "Donate": "Donar",
    "Book": "Reservar",
    "Subscribe": "Suscribirse",
    "Order summary": "Resumen del pedido",
    "Payment": "Pago",
    "Pay with card": "Pagar con tarjeta",
    "Email": "Correo electrónico",
    "Card information": "Datos de la tarjeta",
    "Card number": "Número de tarjeta",
    "Expiration (MM / YY)": "Caducidad (MM / AA)",
    "MM / YY": "MM / AA",
    "Cardholder name": "Nombre del titular",
    "Full name on card": "Nombre completo",
    "Country or region": "País o región",
    "Processing…": "Procesando…",
    "Test cards": "Tarjetas de prueba",
    "No real card is ever charged here. Choose one to fill in the form.": (
        "Aquí nunca se cobra a una tarjeta real. Elige una para rellenar el formulario."
    ),
    "Total due": "Total",
    "Back": "Volver",
    "Qty": "Cantidad",
    "each": "por unidad",
    "Check the details marked below.": "Revisa los datos marcados.",
    "Your card was declined.": "Tu tarjeta ha sido rechazada.",
    "Your card has insufficient funds.": "Tu tarjeta no tiene fondos suficientes.",
    "Your card number is incomplete.": "El número de tu tarjeta está incompleto.",
    "Your card number is invalid.": "El número de tu tarjeta no es válido.",
    "Your card's expiration date is incomplete.": "La caducidad de tu tarjeta está incompleta.",
    "Your card's security code is incomplete.": "El código de seguridad está incompleto.",
    "Enter the name on the card.": "Escribe el nombre del titular.",
    "Enter your email.": "Escribe tu correo electrónico.",
    "Your email is incomplete.": "Tu correo electrónico está incompleto.",
    "Already paid": "Ya está pagado",
    "Continue": "Continuar",
    "This page has expired": "Esta página ha caducado",
    "Nothing was charged. Go back to start the payment again.": (
        "No se ha cobrado nada. Vuelve para empezar el pago de nuevo."
    ),
}
WORDS: dict[str, dict[str, str]] = {"de": DE, "es": ES, "en": {}}


def language_of(session: Obj) -> str:
    """The language that the session asks for, as far as the page has it."""
    language = str(session["locale"] or "").split("-")[0]
    return language if language in WORDS else "en"


def say(text: str, language: str) -> str:
    """The text in that language."""
    return WORDS[language].get(text, text)
