"""What Harbor Bean's recipients write to their recipients, and what they get back."""

# ruff: noqa: RUF001 - people write in many scripts

from demo.cards import Card

CARDS = (
    # Birthdays
    Card(
        "birthday",
        "Alles Liebe zum Geburtstag, {recipient}! Heute wird nicht vor zehn gearbeitet.",
        "de",
    ),
    Card(
        "birthday",
        "Herzlichen Glückwunsch! Torte kann jeder. Das hier ist ehrlich guter Kaffee. 🎂",
        "de",
    ),
    Card("birthday", "{recipient}, wieder ein Jahr jünger im Kopf. Lass dir's schmecken!", "de"),
    Card(
        "birthday",
        "Happy birthday, {recipient}. I'd sing, but we both know how that ends. Have a roll instead.",
    ),
    Card("birthday", "Older, wiser, still ordering the same thing. Happy birthday! 🎈"),
    Card("birthday", "Doğum günün kutlu olsun {recipient}! Bugün kahveler benden ☕", "tr"),
    Card("birthday", "Sto lat, {recipient}! Kawa na mój koszt, tort przyniosę wieczorem.", "pl"),
    Card(
        "birthday", "Parabéns, {recipient}! Que este ano venha com muito café e pouca pressa.", "pt"
    ),
    # Thanks
    Card(
        "thank-you", "Danke, dass du um sechs Uhr morgens beim Umzug standest. Unvergessen.", "de"
    ),
    Card(
        "thank-you",
        "{recipient}, du hast mir den Rücken freigehalten. Jetzt halt dir mal eine Tasse fest.",
        "de",
    ),
    Card(
        "thank-you",
        "Fürs Blumengießen, Katzenkraulen und Paketeannehmen: danke, ihr Lieben. 🪴",
        "de",
    ),
    Card("thank-you", "Danke fürs Zuhören neulich. Hat geholfen.", "de"),
    Card(
        "thank-you",
        "Deine Notizen haben mich durch die Prüfung getragen. Der Kaffee geht auf mich, ein Leben lang.",
        "de",
    ),
    Card(
        "thank-you",
        "{recipient}, thanks for proofreading at midnight. Every comma tastes better now.",
    ),
    Card("thank-you", "Night shift survived, thanks to you lot. Sleep first, coffee after."),
    Card("thank-you", "You fixed the bike AND pretended it was easy. Thank you."),
    Card(
        "thank-you",
        "Yardımların için çok teşekkürler {recipient}. Bir kahvenin kırk yıl hatırı var ☕",
        "tr",
    ),
    Card("thank-you", "Dziękuję za opiekę nad psem. Mówi, że u was lepiej karmią. 🐕", "pl"),
    Card("thank-you", "Дякую, {recipient}, за допомогу з документами. Кава з мене!", "uk"),
    # For no reason
    Card("just-because", "Einfach so. Weil Mittwoch ist, oder jedenfalls so ähnlich.", "de"),
    Card(
        "just-because",
        "Moin {recipient}! Geh mal ans Wasser, hol dir einen Kaffee und denk an nix.",
        "de",
    ),
    Card("just-because", "Ich sitz hier gerade mit Blick auf die Kräne und du fehlst. ☕", "de"),
    Card(
        "just-because", "Für die nächste Pause, die du dir sonst nicht gönnst, {recipient}.", "de"
    ),
    Card(
        "just-because",
        "Wir haben uns ewig nicht gesehen. Nimm den hier als Anzahlung auf ein langes Frühstück.",
        "de",
    ),
    Card("just-because", "Schietwetter draußen, was Warmes drinnen. Bitte sehr!", "de"),
    Card("just-because", "Your inbox can wait eleven minutes. I counted."),
    Card(
        "just-because", "{recipient}, I had the cinnamon roll and it was rude not to send you one."
    ),
    Card(
        "just-because",
        "Somewhere between two meetings there is a window seat with your name on it.",
    ),
    Card(
        "just-because",
        "Thinking of you from the ferry. It's windy. You'd hate it. Have something warm.",
    ),
    Card("just-because", "For the walk home, the long way round."),
    Card("just-because", "Aklıma geldin, bir kahve ısmarlayayım dedim. Özledim seni.", "tr"),
    Card("just-because", "Bez okazji, {recipient}. Po prostu zrób sobie przerwę.", "pl"),
    Card("just-because", "Saudades das nossas manhãs, {recipient}. Toma um café por mim?", "pt"),
    Card("just-because", "صباح الخير يا {recipient}، قهوتك اليوم عليّ ☕", "ar"),
    Card("just-because", "Просто так. Випий кави біля води й подумай про щось хороше. 🌊", "uk"),
    # Well done
    Card(
        "congratulations",
        "Bestanden! Ich wusste es. Jetzt erst mal sitzen und nichts müssen.",
        "de",
    ),
    Card(
        "congratulations",
        "{recipient}, Glückwunsch zur neuen Stelle! Der erste Kaffee dort wird schlechter sein.",
        "de",
    ),
    Card(
        "congratulations",
        "Der Mietvertrag ist unterschrieben! Auf kurze Wege und große Fenster. 🗝️",
        "de",
    ),
    Card(
        "congratulations",
        "Freelance for a whole year, {recipient}. This one is tax deductible, I checked (I didn't).",
    ),
    Card(
        "congratulations",
        "Halbmarathon in unter zwei Stunden! Zimtschnecke ist jetzt medizinisch geboten. 🏃",
        "de",
    ),
    Card("congratulations", "Tebrikler {recipient}! Ehliyet artık sende, kahve de benden 🚗", "tr"),
    Card("congratulations", "ألف مبروك على التخرج يا {recipient}! 🎓", "ar"),
    # Love
    Card(
        "love",
        "Du schnarchst, du klaust die Decke, und ich würd dich jeden Morgen wieder nehmen. ❤️",
        "de",
    ),
    Card("love", "Damit du auch ohne mich gut in den Tag kommst, {recipient}. Bis Freitag!", "de"),
    Card("love", "Same bench, same hour, two cups? I'll bring the blanket."),
    Card(
        "love",
        "You make better coffee than they do, {recipient}, "
        "but you also make it for everyone else. Your turn.",
    ),
    Card("love", "Seni seviyorum. Şekersiz, sütlü, her zamanki gibi 💛", "tr"),
    # Get well
    Card(
        "get-well",
        "Gute Besserung, {recipient}! Erst Tee, dann wieder Kaffee. In der Reihenfolge.",
        "de",
    ),
    Card(
        "get-well",
        "Der Gips kommt ab, die heiße Schokolade kommt vorher. Halt die Ohren steif!",
        "de",
    ),
    Card(
        "get-well",
        "Heard you're grounded. When you're back on both feet, start with something warm. 🌷",
    ),
    Card(
        "get-well",
        "Wracaj do zdrowia, {recipient}. Biuro bez ciebie jest nie do wytrzymania.",
        "pl",
    ),
)

THANKS: dict[str, tuple[str, ...]] = {
    "de": (
        "Du bist ja verrückt. Danke, danke, danke!",
        "Hab ihn gerade am Wasser getrunken. Genau das hat heute gefehlt.",
        "Nächstes Mal sitzt du daneben, abgemacht?",
        "Der Laden ist toll, und du sowieso. Danke 🧡",
        "Ich hab mir sogar das Handy weggelegt dabei. Fast.",
        "Das war die beste Zimtschnecke nördlich der Elbe. Danke dir!",
        "Hat mir den Tag gerettet. Drück dich.",
        "Wie lieb! Hab noch ein Franzbrötchen dazu genommen, ich gestehe.",
    ),
    "en": (
        "That was so kind. I sat by the window for half an hour and did nothing at all.",
        "Best flat white I've had in months, and not because it was free. Thank you!",
        "You always know. Breakfast soon, on me?",
        "Drank it on the ferry. Very dramatic, very good.",
        "Thank you! I finally met the famous cinnamon roll.",
        "You made a grey morning a lot less grey 🌤️",
    ),
    "tr": ("Çok naziksin, çok teşekkürler! Haftaya ben ısmarlıyorum.", "Günümü güzelleştirdin 💛"),
    "pl": ("Dziękuję! Pyszne było, następna kawa ode mnie.", "Ale niespodzianka! Ściskam mocno."),
    "pt": ("Que mimo! Agradeço de coração.",),
    "ar": ("شكراً من القلب، أسعدتني كثيراً 🧡",),
    "uk": ("Дуже дякую! Було смачно й тепло на душі.",),
}
