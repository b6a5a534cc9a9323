"""What the coffee roaster says in German and in Spanish, by its own words."""

WORDS = {
    # The brand
    "Coffee by the water, for somebody you miss": (
        "Kaffee am Wasser, für jemanden, der dir fehlt",
        "Café junto al agua, para alguien a quien echas de menos",
    ),
    "Merle roasts in the shed where her grandfather mended nets. The harbor starts early, and "
    "so does she.\nMost of our cups are for somebody who isn't here yet.": (
        (
            "Merle röstet in dem Schuppen, in dem ihr Großvater Netze geflickt hat. Der Hafen fängt "
            "früh an, und sie auch.\nDie meisten unserer Tassen sind für jemanden, der noch nicht "
            "da ist."
        ),
        (
            "Merle tuesta en el cobertizo donde su abuelo remendaba redes. El puerto empieza "
            "temprano, y ella también.\nLa mayoría de nuestras tazas son para alguien que aún no "
            "está aquí."
        ),
    ),
    # Categories
    "Coffee": ("Kaffee", "Café"),  # of the breakfast, too
    "By the window": ("Am Fenster", "Junto a la ventana"),
    "From the oven": ("Aus dem Ofen", "Del horno"),
    "Any amount": ("Freier Betrag", "Importe libre"),
    # Treats
    "Flat white": ("Flat White", "Flat white"),
    "Two short shots and silky milk, poured in one go. Small, strong, gone too soon.": (
        (
            "Zwei kurze Espressi und seidige Milch, in einem Zug gegossen. Klein, stark, zu schnell "
            "leer."
        ),
        (
            "Dos cafés cortos y leche sedosa, de un solo gesto. Pequeño, intenso, y se acaba "
            "enseguida."
        ),
    ),
    "Cappuccino": ("Cappuccino", "Capuchino"),
    "A deep cap of foam you have to drink through. Cocoa on top only if you ask.": (
        "Eine hohe Haube aus Schaum, durch die du erst hindurchmusst. Kakao nur, wenn du fragst.",
        (
            "Una buena capa de espuma que hay que atravesar bebiendo. Cacao por encima, solo si lo "
            "pides."
        ),
    ),
    "Pour-over": ("Handfilter", "Filtrado a mano"),
    "Four minutes by hand, one cup at a time. Time enough to look at the cranes.": (
        "Vier Minuten von Hand, Tasse für Tasse. Zeit genug, den Kränen zuzusehen.",
        "Cuatro minutos a mano, taza a taza. Tiempo de sobra para mirar las grúas.",
    ),
    "Cold brew": ("Cold Brew", "Cold brew"),
    "Steeped overnight, served over one large cube that does not hurry.": (
        "Über Nacht gezogen, auf einem großen Eiswürfel, der es nicht eilig hat.",
        "Reposado toda la noche, sobre un gran cubito de hielo que no tiene prisa.",
    ),
    "Cinnamon roll": ("Zimtschnecke", "Rollo de canela"),
    "Soft in the middle, sticky at the edge. Out of the oven at eight, and again at two.": (
        "In der Mitte weich, am Rand klebrig. Kommt um acht aus dem Ofen und um zwei noch einmal.",
        "Tierno por dentro, pegajoso por fuera. Sale del horno a las ocho, y otra vez a las dos.",
    ),
    "Almond croissant": ("Mandelcroissant", "Cruasán de almendra"),
    "Yesterday's best butter croissant, filled and baked a second time. It makes crumbs.": (
        "Das beste Buttercroissant von gestern, gefüllt und noch einmal gebacken. Es krümelt.",
        "El mejor cruasán de mantequilla de ayer, relleno y vuelto a hornear. Deja migas.",
    ),
    "Hot chocolate": ("Heiße Schokolade", "Chocolate caliente"),
    "Melted, not stirred from powder: dark chocolate, hot milk, a pinch of sea salt.": (
        (
            "Geschmolzen, nicht aus Pulver gerührt: dunkle Schokolade, heiße Milch, eine Prise "
            "Meersalz."
        ),
        "Fundido, no de polvos: chocolate negro, leche caliente y una pizca de sal marina.",
    ),
    "Harbor breakfast": ("Hafenfrühstück", "Desayuno del puerto"),
    "A coffee, a still-warm roll, an egg, cheese and something green. By the window, if you are "
    "early.": (
        (
            "Kaffee, ein noch warmes Brötchen, ein Ei, Käse und etwas Grünes. Am Fenster, wenn du "
            "früh da bist."
        ),
        (
            "Un café, un panecillo aún caliente, un huevo, queso y algo verde. Junto a la ventana, "
            "si madrugas."
        ),
    ),
    "Coffee for a while": ("Kaffee für eine Weile", "Café para una temporada"),
    "A cup today, a roll on Thursday: it lasts until nothing is left on it.": (
        "Heute eine Tasse, am Donnerstag eine Schnecke: Es reicht, bis nichts mehr darauf ist.",
        "Hoy una taza, el jueves un rollo de canela: dura hasta que no queda nada.",
    ),
    "Winter cappuccino": ("Winter-Cappuccino", "Capuchino de invierno"),
    "With orange peel and a pinch of clove, as long as the evenings are long.": (
        "Mit Orangenschale und einer Prise Nelke, solange die Abende lang sind.",
        "Con piel de naranja y una pizca de clavo, mientras las noches sean largas.",
    ),
    # Sizes
    "Regular": ("Normal", "Normal"),
    "Large": ("Groß", "Grande"),
    "Double": ("Doppelt", "Doble"),
    "Cup": ("Tasse", "Taza"),
    "Pot for two": ("Kanne für zwei", "Jarra para dos"),
    "Bottle to take along": ("Flasche zum Mitnehmen", "Botella para llevar"),
    "One": ("Ein Stück", "Una pieza"),
    "Box of four": ("Viererbox", "Caja de cuatro"),
    "For one": ("Für eine Person", "Para una persona"),
    "For two": ("Für zwei", "Para dos"),
    # What the recipient picks
    "Milk": ("Milch", "Leche"),
    "Whole milk": ("Vollmilch", "Leche entera"),
    "Low-fat milk": ("Fettarme Milch", "Leche semidesnatada"),
    "Oat milk": ("Haferdrink", "Bebida de avena"),
    "Almond milk": ("Mandeldrink", "Bebida de almendra"),
    "Beans": ("Bohnen", "Tipo de grano"),
    "Quay blend: round, cocoa": ("Quay-Mischung: rund, Kakao", "Mezcla Quay: redonda, cacao"),
    "Lighthouse: bright, apricot": (
        "Lighthouse: spritzig, Aprikose",
        "Lighthouse: vivo, albaricoque",
    ),
    "Night Ferry: decaf": ("Night Ferry: entkoffeiniert", "Night Ferry: descafeinado"),
    "Guest roast of the week": ("Gaströstung der Woche", "Tueste invitado de la semana"),
    "Serving": ("Servierart", "Presentación"),
    "Warmed up": ("Aufgewärmt", "Caliente"),
    "As it is": ("So, wie es ist", "Tal cual"),
    "Wrapped to go": ("Zum Mitnehmen eingepackt", "Envuelto para llevar"),
    "Served with": ("Beigabe", "Acompañamiento"),
    "Just as it is": ("Einfach pur", "Sin nada"),
    "A splash of milk": ("Ein Schuss Milch", "Un chorrito de leche"),
    "Tonic and orange": ("Tonic und Orange", "Tónica y naranja"),
    "Topping": ("Topping", "Añadido"),
    "Whipped cream": ("Schlagsahne", "Nata montada"),
    "Milk foam": ("Milchschaum", "Espuma de leche"),
    "Filter coffee": ("Filterkaffee", "Café de filtro"),
    "Tea instead": ("Lieber Tee", "Mejor un té"),
    "Egg": ("Ei", "Huevo"),
    "Soft": ("Weich", "Poco hecho"),
    "Firm": ("Hart", "Duro"),
    "No egg, more cheese": ("Kein Ei, mehr Käse", "Sin huevo, más queso"),
    # News
    "The window is warm again": (
        "Am Fenster ist es wieder warm",
        "Junto a la ventana vuelve a hacer calor",
    ),
    "New seals, a new bench and the old view. Thank you for wearing your coats inside.": (
        (
            "Neue Dichtungen, eine neue Bank und die alte Aussicht. Danke, dass ihr drinnen die "
            "Jacken anbehalten habt."
        ),
        (
            "Juntas nuevas, un banco nuevo y las vistas de siempre. Gracias por dejaros el abrigo "
            "puesto dentro."
        ),
    ),
    "From the roaster, on Thursdays": (
        "Donnerstags aus der Röstmaschine",
        "Los jueves, recién tostado",
    ),
    "Merle roasts at seven. Whoever is early may smell it, and whoever asks may taste it.": (
        "Merle röstet um sieben. Wer früh kommt, darf riechen, und wer fragt, darf probieren.",
        (
            "Merle tuesta a las siete. Quien llega pronto puede olerlo, y quien pregunta puede "
            "probarlo."
        ),
    ),
    "An evening of slow cups": (
        "Ein Abend mit langsamem Kaffee",
        "Una noche de café sin prisas",
    ),
    "Three beans, one kettle, no hurry. Twelve seats, and it costs what you drink.": (
        "Drei Bohnen, ein Kessel, keine Eile. Zwölf Plätze, und es kostet, was du trinkst.",
        "Tres cafés, un hervidor, ninguna prisa. Doce asientos, y cuesta lo que bebas.",
    ),
    "First rhubarb cake": (
        "Der erste Rhabarberkuchen",
        "La primera tarta de ruibarbo",
    ),
    "From our grandmother's card, with the spelling mistakes. As long as the garden gives.": (
        "Nach Omas Karteikarte, mit allen Rechtschreibfehlern. Solange der Garten trägt.",
        "De la ficha de nuestra abuela, con sus faltas de ortografía. Mientras dé el huerto.",
    ),
}
