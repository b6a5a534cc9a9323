"""What the ice cream parlor says in German and in Spanish, by its own words."""

WORDS = {
    # The brand
    "Hand-folded ice cream, and a second spoon": (
        "Von Hand gerührtes Eis, und ein zweiter Löffel",
        "Helado mezclado a mano, y una segunda cuchara",
    ),
    "Priya began with one freezer and a school canteen's worth of spoons. She gave the second "
    "spoon away with every bowl, and people came back to return it.\nThree stores later every "
    "batch is still folded by hand, and the spoons are still missing.": (
        (
            "Priya fing mit einer Gefriertruhe an und mit so vielen Löffeln wie eine Schulkantine. "
            "Zu jeder Schale gab sie einen zweiten Löffel mit, und die Leute kamen wieder, um ihn "
            "zurückzubringen.\nDrei Läden später rühren wir noch immer jede Sorte von Hand, und die "
            "Löffel fehlen noch immer."
        ),
        (
            "Priya empezó con un congelador y con tantas cucharas como un comedor escolar. Con cada "
            "tarrina regalaba una segunda cuchara, y la gente volvía para devolverla.\nTres tiendas "
            "después seguimos mezclando cada helado a mano, y las cucharas siguen sin aparecer."
        ),
    ),
    # Categories
    "Scoops": ("Eis in Kugeln", "Helados"),
    "Sundaes and shakes": ("Eisbecher und Shakes", "Copas y batidos"),
    "To take along": ("Zum Mitnehmen", "Para llevar"),
    "Any amount": ("Freier Betrag", "Importe libre"),
    # Treats
    "Double scoop": ("Zwei Kugeln", "Helado doble"),
    "Two generous scoops, folded by hand this morning, in a crisp sugar cone or a cup.": (
        (
            "Zwei großzügige Kugeln, heute Morgen von Hand gerührt, im knusprigen Hörnchen oder im "
            "Becher."
        ),
        "Dos bolas generosas, mezcladas a mano esta mañana, en cucurucho crujiente o en tarrina.",
    ),
    "Kids scoop": ("Kinderkugel", "Helado infantil"),
    "One small scoop with a face. The nose is a raspberry and goes first.": (
        "Eine kleine Kugel mit Gesicht. Die Nase ist eine Himbeere und kommt zuerst dran.",
        "Una bola pequeña con cara. La nariz es una frambuesa y es lo primero que desaparece.",
    ),
    "Waffle bowl": ("Waffelschale", "Cuenco de barquillo"),
    "A bowl you can eat, baked while you wait, with scoops and softly whipped cream.": (
        (
            "Eine Schale zum Mitessen, gebacken, während du wartest, mit Eis und locker "
            "geschlagener Sahne."
        ),
        (
            "Un cuenco que también se come, horneado mientras esperas, con helado y nata montada "
            "muy suave."
        ),
    ),
    "Hot fudge sundae": ("Eisbecher mit heißer Schokosoße", "Copa con chocolate caliente"),
    "Vanilla bean, warm fudge that has been stirred for an hour, roasted almonds, one cherry.": (
        (
            "Vanilleeis, Schokosoße, die eine Stunde lang gerührt wurde, geröstete Mandeln, eine "
            "Kirsche."
        ),
        "Helado de vainilla, chocolate removido durante una hora, almendras tostadas y una cereza.",
    ),
    "Raspberry sundae": ("Himbeerbecher", "Copa de frambuesa"),
    "Raspberries from the Skagit Valley, cooked just until they burst, over salted honey ice "
    "cream.": (
        (
            "Himbeeren aus dem Skagit Valley, gekocht, bis sie eben aufplatzen, auf Eis mit Honig "
            "und Salz."
        ),
        (
            "Frambuesas de Skagit Valley, cocidas justo hasta que revientan, sobre helado de miel "
            "salada."
        ),
    ),
    "Garden mint shake": ("Gartenminz-Shake", "Batido de menta del huerto"),
    "Fresh mint, cold milk, far too much ice cream. Thick enough to hold the straw up.": (
        (
            "Frische Minze, kalte Milch, viel zu viel Eis. So dick, dass der Strohhalm von allein "
            "steht."
        ),
        "Menta fresca, leche fría y demasiado helado. Tan espeso que la pajita se tiene en pie.",
    ),
    "Ice cream sandwich": ("Eis-Sandwich", "Sándwich de helado"),
    "Two brown butter cookies with a slab of ice cream in between. Bring a napkin, or three.": (
        (
            "Zwei Kekse mit brauner Butter, dazwischen eine dicke Scheibe Eis. Nimm eine Serviette, "
            "oder drei."
        ),
        (
            "Dos galletas de mantequilla tostada y, en medio, mucho helado. Trae una servilleta, o "
            "tres."
        ),
    ),
    "Mini ice cream cake": ("Kleine Eistorte", "Minitarta helada"),
    "Three layers for two to four people. We write a word on it at the counter.": (
        "Drei Schichten für zwei bis vier. An der Theke schreiben wir noch ein Wort darauf.",
        "Tres capas para dos, tres o cuatro. En el mostrador escribimos encima una palabra.",
    ),
    "Ice cream money": ("Eisgeld", "Dinero para helados"),
    "They choose the flavors, they choose the day, and come back for what is left.": (
        "Sorte aussuchen, Tag aussuchen, und für den Rest einfach wiederkommen.",
        "A elegir los sabores, a elegir el día, y a volver por lo que quede.",
    ),
    "Beach float": ("Strand-Float", "Float de playa"),
    "Raspberry soda over vanilla bean, drunk with sand between the toes. At the beach alone.": (
        "Himbeerlimo auf Vanilleeis, getrunken mit Sand zwischen den Zehen. Nur am Strand.",
        "Refresco de frambuesa con helado de vainilla y arena entre los dedos. Solo en la playa.",
    ),
    # Sizes
    "Small": ("Klein", "Pequeño"),
    "Regular": ("Normal", "Normal"),
    "Large": ("Groß", "Grande"),
    "Two scoops": ("Zwei Kugeln", "Dos bolas"),
    "Three scoops": ("Drei Kugeln", "Tres bolas"),
    "To share": ("Zum Teilen", "Para compartir"),
    "One": ("Ein Stück", "Una pieza"),
    "A pair": ("Zwei Stück", "Dos piezas"),
    "For two": ("Für zwei", "Para dos"),
    "For four": ("Für vier", "Para cuatro"),
    # What the recipient picks
    "Flavor": ("Sorte", "Sabor"),
    "Flavors": ("Sorten", "Sabores"),
    "Vanilla bean": ("Echte Vanille", "Vainilla natural"),
    "Raspberry ripple": ("Himbeerwirbel", "Vetas de frambuesa"),
    "Garden mint": ("Gartenminze", "Menta del huerto"),
    "Dark chocolate": ("Dunkle Schokolade", "Chocolate negro"),
    "Salted honey": ("Honig mit Salz", "Miel salada"),
    "Coconut lime (no dairy)": ("Kokos und Limette (ohne Milch)", "Coco y lima (sin lácteos)"),
    "Black sesame": ("Schwarzer Sesam", "Sésamo negro"),
    "Cone or cup": ("Hörnchen oder Becher", "Cucurucho o tarrina"),
    "Sugar cone": ("Zuckerhörnchen", "Cucurucho de azúcar"),
    "Cup": ("Becher", "Tarrina"),
    "Waffle cone": ("Waffelhörnchen", "Cucurucho de barquillo"),
    "Topping": ("Topping", "Añadido"),
    "Rainbow sprinkles": ("Bunte Streusel", "Virutas de colores"),
    "Toasted almonds": ("Geröstete Mandeln", "Almendras tostadas"),
    "Hot fudge": ("Heiße Schokosoße", "Chocolate caliente"),
    "Fresh berries": ("Frische Beeren", "Frutos rojos frescos"),
    "Milk": ("Milch", "Leche"),
    "Whole milk": ("Vollmilch", "Leche entera"),
    "Oat milk": ("Haferdrink", "Bebida de avena"),
    "Coconut": ("Kokos", "Coco"),
    "Chocolate chips": ("Schokostückchen", "Pepitas de chocolate"),
    "With chips": ("Mit Schokostückchen", "Con pepitas"),
    "Without": ("Ohne", "Sin pepitas"),
    "Filling": ("Füllung", "Relleno"),
    "Raspberry and vanilla": ("Himbeere und Vanille", "Frambuesa y vainilla"),
    "Mint and dark chocolate": ("Minze und dunkle Schokolade", "Menta y chocolate negro"),
    "Salted honey and almond": ("Honig mit Salz und Mandel", "Miel salada y almendra"),
    # News
    "Rhubarb came early": (
        "Der Rhabarber ist früh dran",
        "El ruibarbo ha llegado pronto",
    ),
    "Six crates from the Skagit valley, stewed with a little ginger. It is gone when it is gone.": (
        (
            "Sechs Kisten aus dem Skagit Valley, mit etwas Ingwer geschmort. Wenn er weg ist, ist "
            "er weg."
        ),
        "Seis cajas de Skagit Valley, cocidas con un poco de jengibre. Cuando se acabe, se acabó.",
    ),
    "Two spoons, one bowl": (
        "Zwei Löffel, eine Schale",
        "Dos cucharas, un cuenco",
    ),
    "On Sunday evenings every waffle bowl comes with a second spoon and a candle, as long as "
    "there are tables.": (
        (
            "Sonntagabends kommt jede Waffelschale mit einem zweiten Löffel und einer Kerze, "
            "solange Tische frei sind."
        ),
        (
            "Los domingos por la noche, cada cuenco de barquillo viene con una segunda cuchara y "
            "una vela, mientras queden mesas."
        ),
    ),
    "Come and fold with us": (
        "Komm und rühr mit",
        "Ven a mezclar con nosotros",
    ),
    "An hour behind the counter for eight children and whoever brings them. Just come by and "
    "put your name on the board.": (
        (
            "Eine Stunde hinter der Theke für acht Kinder und alle, die sie mitbringen. Komm "
            "einfach vorbei und schreib dich an die Tafel."
        ),
        (
            "Una hora detrás del mostrador para ocho niños y quienes los traigan. Pásate y apunta "
            "tu nombre en la pizarra."
        ),
    ),
    "Closed for one morning": (
        "Einen Vormittag geschlossen",
        "Cerrado una mañana",
    ),
    "We are getting a new freezer at Pike Street and open at two that day. The other stores "
    "open as ever.": (
        (
            "In der Pike Street bekommen wir eine neue Gefriertruhe und öffnen an dem Tag um zwei. "
            "Die anderen Läden öffnen wie immer."
        ),
        (
            "En Pike Street nos llega un congelador nuevo y ese día abrimos a las dos. Las otras "
            "tiendas abren como siempre."
        ),
    ),
}
