"""What Frosty Spoon's recipients write to their recipients, and what they get back."""

# ruff: noqa: RUF001 - people write in many scripts

from demo.cards import Card

CARDS = (
    # Birthdays
    Card(
        "birthday",
        "Happy birthday, {recipient}! No candles on this one, it would not survive them.",
    ),
    Card(
        "birthday",
        "Another lap around the sun. Celebrate with something that has a cherry on it. 🍒",
    ),
    Card("birthday", "{recipient}, you are officially too old to lick the bowl. Do it anyway."),
    Card(
        "birthday",
        "I can't be there with a cake, so: close your eyes, make a wish, then eat fast.",
    ),
    Card("birthday", "Happy birthday to the person who taught me that dessert comes first. 🎂"),
    Card(
        "birthday", "¡Feliz cumpleaños, {recipient}! Pide el grande y no compartas con nadie.", "es"
    ),
    Card("birthday", "お誕生日おめでとう、{recipient}！今日は二つ食べてもいい日だよ🍨", "ja"),
    Card("birthday", "{recipient}, 생일 축하해! 오늘은 다이어트 없는 날이야 🍦", "ko"),
    Card("birthday", "{recipient}，生日快乐！今天不许数卡路里。", "zh"),
    Card("birthday", "{recipient}, जन्मदिन मुबारक! केक मेरा, आइसक्रीम तुम्हारी। 🍨", "hi"),
    # Thanks
    Card(
        "thank-you",
        "You carried that couch up three floors and never once said I told you so. Thank you.",
    ),
    Card(
        "thank-you",
        "Thank you for feeding Biscuit while we were away. He rates the service five stars.",
    ),
    Card(
        "thank-you",
        "{recipient}, you stayed late so I could leave early. I noticed. Go have something cold.",
    ),
    Card("thank-you", "For every ride to practice this season. Signed, the whole back seat."),
    Card(
        "thank-you", "You read all 140 pages and still pick up when I call. Thank you, {recipient}."
    ),
    Card("thank-you", "Thanks for covering my Saturday. This scoop is on me."),
    Card("thank-you", "Best neighbors on the block. Sorry about the drum kit. 🥁"),
    Card(
        "thank-you",
        "Gracias por cuidar a los niños el viernes. Dicen que contigo se acuestan más tarde.",
        "es",
    ),
    Card("thank-you", "引っ越し手伝ってくれて本当にありがとう。冷たいものでも食べてね。", "ja"),
    Card("thank-you", "Cảm ơn {recipient} đã trông mèo giúp mình cả tuần nhé! 🐈", "vi"),
    Card("thank-you", "谢谢你帮我搬家，辛苦了！去吃点凉的吧。", "zh"),
    # For no reason
    Card("just-because", "Walked past the shop and thought of you. That's the whole message."),
    Card("just-because", "Nothing happened today. Let's fix that."),
    Card(
        "just-because",
        "There are new flavors on the board and you were the first person I wanted to tell.",
    ),
    Card(
        "just-because",
        "Remember the summer we tried every flavor in order? They have added some, {recipient}.",
    ),
    Card(
        "just-because",
        "You've been staring at that screen for weeks. Go outside. There's ice cream there. 🍦",
    ),
    Card(
        "just-because",
        "Miss your face. Eat this and send me a picture (of the face, not the ice cream).",
    ),
    Card(
        "just-because",
        "One for you, one for me, on different sides of town. Call me when you have yours?",
    ),
    Card("just-because", "I have owed you one since the road trip. Consider this the interest."),
    Card("just-because", "No occasion, {recipient}. You're just my favorite."),
    Card("just-because", "Two spoons. One of them is for your little one, I have witnesses."),
    Card("just-because", "Pasé por la heladería y me acordé de ti. Nos vemos pronto, ¿sí?", "es"),
    Card("just-because", "Para que endulces la semana, {recipient}. Un abrazo fuerte 🤗", "es"),
    Card("just-because", "暑いので、アイスをどうぞ。返信はいりません。", "ja"),
    Card("just-because", "지나가다가 네 생각나서. 이번 주말에 볼까?", "ko"),
    Card("just-because", "Trời nóng quá, {recipient} đi ăn kem đi. Mình mời!", "vi"),
    Card("just-because", "बस यूँ ही, तुम्हारी याद आ गई। छुट्टी वाले दिन साथ चलेंगे?", "hi"),
    # Well done
    Card(
        "congratulations",
        "You passed!! I never doubted it. (I doubted it so that you didn't have to.)",
    ),
    Card("congratulations", "New job, new desk, same sweet tooth. So proud of you, {recipient}."),
    Card("congratulations", "Keys in hand! May the freezer in the new place always be full. 🔑"),
    Card("congratulations", "First 10k done. You may now eat something the size of your head. 🏅"),
    Card(
        "congratulations",
        "Dr. {recipient}. I'm going to say it a hundred times. Dr. {recipient}, your table is ready.",
    ),
    Card("congratulations", "¡Lo lograste, {recipient}! Te lo dije desde el principio 🎓", "es"),
    Card("congratulations", "{recipient}, 합격 축하해! 고생 많았어. 맛있는 거 먹어 🎉", "ko"),
    # Love
    Card("love", "All these years and I still let you have the last bite. That's how you know."),
    Card("love", "Meet me there after work? I'll be the one holding two spoons. ❤️"),
    Card(
        "love",
        "You looked tired this morning, {recipient}. This one has your name on it. Love you.",
    ),
    Card("love", "Long distance is dumb. Ice cream is not. Soon, I promise. 💛"),
    Card("love", "Te quiero más que al dulce de leche, y tú sabes lo que eso significa.", "es"),
    Card("love", "한 입만 줘. 아니, 다 먹어. 사랑해 💕", "ko"),
    # Get well
    Card("get-well", "Doctor's orders: soft foods only. I checked, this counts."),
    Card(
        "get-well", "Sorry about the tonsils. Not sorry about the excuse for ice cream every day."
    ),
    Card(
        "get-well",
        "Feel better soon, {recipient}. The team is terrible without you. Mostly the snacks, but still.",
    ),
    Card(
        "get-well",
        "Soup is overrated. Rest up, and when you can taste things again, this is waiting. 🌷",
    ),
    Card("get-well", "{recipient}，好好休息，早日康复。冰淇淋等你。", "zh"),
)

THANKS: dict[str, tuple[str, ...]] = {
    "en": (
        "You absolute legend. I cried a little and then I ate all of it.",
        "Went straight there after work. Best ten minutes of the week. Thank you!",
        "Shared it with Max. Okay, I showed it to Max. Thank you 💛",
        "How did you know I needed exactly this today?",
        "Thank you! Next one is on me, and I mean it.",
        "The lady at the counter drew a heart on the cup. I think that was you somehow.",
        "Brain freeze. Worth it. Thank you, thank you.",
        "Saving it for Friday so I have something to look forward to. You're the best.",
        "I got the black sesame. Life changed. Call me.",
        "The kids asked if you could have a birthday for them every week.",
        "This made a really long day short. Thank you.",
        "Got extra fudge. Regret nothing 🍫",
    ),
    "es": (
        "¡Qué sorpresa más rica! Mil gracias, de verdad.",
        "Me hiciste el día. La próxima invito yo 🍨",
        "Gracias, gracias. Ya fui y ya quiero volver.",
    ),
    "ja": (
        "すごく嬉しかった！さっそく食べてきたよ。ありがとう🍨",
        "ごちそうさまでした。今度は一緒に行こうね。",
    ),
    "ko": ("잘 먹었어! 다음엔 내가 살게 💛", "완전 감동이야 ㅠㅠ 고마워!"),
    "zh": ("太好吃了，谢谢你！下次我请。", "收到惊喜，开心一整天。"),
    "vi": ("Ngon quá! Cảm ơn nhiều nha, lần sau mình mời.",),
    "hi": ("मज़ा आ गया! बहुत-बहुत शुक्रिया 🍨", "दिन बना दिया तुमने। धन्यवाद!"),
}
