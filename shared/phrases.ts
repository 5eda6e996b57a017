// All that the telephone says, in every language that it speaks. Numerals that a voice would have to inflect are written out as words.

/**
 * `approved`: signed in. `wrong`: denied by wrong digits. `stopped`: denied by the star. `silent`: no key was pressed. `over`: the call
 * is decided, expired or unknown, and its keys change nothing.
 */
export type Goodbye = 'approved' | 'wrong' | 'stopped' | 'silent' | 'over'

export type Phrases = {
  /** Who calls, and why. */
  hello: (appName: string) => string
  /** CIBA's binding message, where it is to be spoken. */
  shown: (message: string) => string
  /** What to do, and what to do if it was somebody else; of 2 to 6 digits. */
  ask: (digits: number) => string
  again: (digits: number) => string
  /** What the zero is for. */
  repeat: string
  goodbye: Record<Goodbye, string>
}

const worded = (two: string, three: string, four: string, five: string, six: string) => (digits: number) => [two, three, four, five, six][digits - 2] ?? String(digits)

const pl = worded('dwie cyfry', 'trzy cyfry', 'cztery cyfry', 'pięć cyfr', 'sześć cyfr')
const cs = worded('dvě číslice', 'tři číslice', 'čtyři číslice', 'pět číslic', 'šest číslic')
const ru = worded('две цифры', 'три цифры', 'четыре цифры', 'пять цифр', 'шесть цифр')
const uk = worded('дві цифри', 'три цифри', 'чотири цифри', 'п’ять цифр', 'шість цифр')
const ar = worded(
  'الرقمين اللذين يظهران', 'الأرقام الثلاثة التي تظهر', 'الأرقام الأربعة التي تظهر', 'الأرقام الخمسة التي تظهر', 'الأرقام الستة التي تظهر',
)
const hi = worded('दो', 'तीन', 'चार', 'पाँच', 'छह')
const ko = worded('두', '세', '네', '다섯', '여섯')
const zh = worded('两', '三', '四', '五', '六')
const hant = worded('兩', '三', '四', '五', '六')

export const phrases = {
  en: {
    hello: (app) => `Hello. This is ${app}. Somebody asked to sign in with this phone number.`,
    shown: (message) => `The app shows this message: ${message}.`,
    ask: (digits) => `If that was you, key in the ${digits} digits that the app shows. If it was not you, press the star key.`,
    again: (digits) => `Those digits are not right. Please key in the ${digits} digits that the app shows. If you did not ask for this, press the star key.`,
    repeat: 'To hear this again, press zero.',
    goodbye: {
      approved: 'Thank you. You are signed in. Goodbye.',
      wrong: 'Those digits are not right. Nobody was signed in. Goodbye.',
      stopped: 'Thank you. Nobody was signed in, and this app will not call you for a day. Goodbye.',
      silent: 'No keys were pressed. Nobody was signed in. Goodbye.',
      over: 'This sign-in is over. Please start again in the app. Goodbye.',
    },
  },
  es: {
    hello: (app) => `Hola. Le llama ${app}. Alguien ha pedido iniciar sesión con este número de teléfono.`,
    shown: (message) => `La aplicación muestra este mensaje: ${message}.`,
    ask: (digits) => `Si fue usted, marque los ${digits} dígitos que muestra la aplicación. Si no fue usted, pulse la tecla asterisco.`,
    again: (digits) => `Esos dígitos no son correctos. Por favor, marque los ${digits} dígitos que muestra la aplicación. Si usted no ha pedido esto, pulse la tecla asterisco.`,
    repeat: 'Para volver a escuchar este mensaje, pulse cero.',
    goodbye: {
      approved: 'Gracias. Ya ha iniciado sesión. Adiós.',
      wrong: 'Esos dígitos no son correctos. Nadie ha iniciado sesión. Adiós.',
      stopped: 'Gracias. Nadie ha iniciado sesión, y esta aplicación no le llamará durante un día. Adiós.',
      silent: 'No se ha pulsado ninguna tecla. Nadie ha iniciado sesión. Adiós.',
      over: 'Este inicio de sesión ha terminado. Por favor, empiece de nuevo en la aplicación. Adiós.',
    },
  },
  fr: {
    hello: (app) => `Bonjour, ici ${app}. Quelqu’un a demandé à se connecter avec ce numéro de téléphone.`,
    shown: (message) => `L’application affiche ce message : ${message}.`,
    ask: (digits) => `Si c’est vous, tapez les ${digits} chiffres que l’application affiche. Sinon, appuyez sur la touche étoile.`,
    again: (digits) => `Ces chiffres ne sont pas les bons. Veuillez taper les ${digits} chiffres que l’application affiche. Si vous n’avez rien demandé, appuyez sur la touche étoile.`,
    repeat: 'Pour réécouter ce message, tapez zéro.',
    goodbye: {
      approved: 'Merci. La connexion est faite. Au revoir.',
      wrong: 'Ces chiffres ne sont pas les bons. Personne n’a été connecté. Au revoir.',
      stopped: 'Merci. Personne n’a été connecté, et cette application ne vous appellera plus pendant un jour. Au revoir.',
      silent: 'Aucune touche n’a été pressée. Personne n’a été connecté. Au revoir.',
      over: 'Cette connexion est terminée. Veuillez recommencer dans l’application. Au revoir.',
    },
  },
  de: {
    hello: (app) => `Guten Tag, hier ist ${app}. Jemand möchte sich mit dieser Telefonnummer anmelden.`,
    shown: (message) => `Die App zeigt diese Nachricht: ${message}.`,
    ask: (digits) => `Wenn Sie das sind, tippen Sie die ${digits} Ziffern ein, die die App anzeigt. Wenn nicht, drücken Sie die Sterntaste.`,
    again: (digits) => `Diese Ziffern stimmen nicht. Bitte tippen Sie die ${digits} Ziffern ein, die die App anzeigt. Wenn Sie sich nicht anmelden möchten, drücken Sie die Sterntaste.`,
    repeat: 'Um das noch einmal zu hören, drücken Sie die Null.',
    goodbye: {
      approved: 'Danke. Sie sind angemeldet. Auf Wiederhören.',
      wrong: 'Diese Ziffern stimmen nicht. Niemand wurde angemeldet. Auf Wiederhören.',
      stopped: 'Danke. Niemand wurde angemeldet, und diese App ruft Sie einen Tag lang nicht mehr an. Auf Wiederhören.',
      silent: 'Es wurde keine Taste gedrückt. Niemand wurde angemeldet. Auf Wiederhören.',
      over: 'Diese Anmeldung ist vorbei. Bitte beginnen Sie in der App von vorn. Auf Wiederhören.',
    },
  },
  it: {
    hello: (app) => `Buongiorno, qui è ${app}. Qualcuno ha chiesto di accedere con questo numero di telefono.`,
    shown: (message) => `L’app mostra questo messaggio: ${message}.`,
    ask: (digits) => `Se è stato lei, digiti le ${digits} cifre che l’app mostra. Altrimenti, prema il tasto asterisco.`,
    again: (digits) => `Queste cifre non sono giuste. Per favore, digiti le ${digits} cifre che l’app mostra. Se non ha chiesto lei di accedere, prema il tasto asterisco.`,
    repeat: 'Per riascoltare, prema zero.',
    goodbye: {
      approved: 'Grazie. L’accesso è riuscito. Arrivederci.',
      wrong: 'Queste cifre non sono giuste. Nessuno ha effettuato l’accesso. Arrivederci.',
      stopped: 'Grazie. Nessuno ha effettuato l’accesso, e questa app non la chiamerà per un giorno. Arrivederci.',
      silent: 'Non è stato premuto alcun tasto. Nessuno ha effettuato l’accesso. Arrivederci.',
      over: 'Questo accesso non è più valido. Per favore, ricominci nell’app. Arrivederci.',
    },
  },
  pt: {
    hello: (app) => `Olá. Aqui é ${app}. Alguém pediu para entrar com este número de telefone.`,
    shown: (message) => `O aplicativo mostra esta mensagem: ${message}.`,
    ask: (digits) => `Se foi você, digite os ${digits} números que o aplicativo mostra. Se não foi você, aperte a tecla asterisco.`,
    again: (digits) => `Esses números não estão certos. Por favor, digite os ${digits} números que o aplicativo mostra. Se você não pediu isto, aperte a tecla asterisco.`,
    repeat: 'Para ouvir de novo, aperte zero.',
    goodbye: {
      approved: 'Obrigado. Você já entrou. Até logo.',
      wrong: 'Esses números não estão certos. Ninguém entrou. Até logo.',
      stopped: 'Obrigado. Ninguém entrou, e este aplicativo não vai ligar para você durante um dia. Até logo.',
      silent: 'Nenhuma tecla foi apertada. Ninguém entrou. Até logo.',
      over: 'Este acesso terminou. Por favor, comece de novo no aplicativo. Até logo.',
    },
  },
  'pt-PT': {
    hello: (app) => `Olá. Daqui fala ${app}. Alguém pediu para iniciar sessão com este número de telefone.`,
    shown: (message) => `A aplicação mostra esta mensagem: ${message}.`,
    ask: (digits) => `Se foi o próprio a pedir, marque os ${digits} algarismos que a aplicação mostra. Se não foi, prima a tecla asterisco.`,
    again: (digits) => `Esses algarismos não estão certos. Por favor, marque os ${digits} algarismos que a aplicação mostra. Se não fez este pedido, prima a tecla asterisco.`,
    repeat: 'Para ouvir de novo, prima zero.',
    goodbye: {
      approved: 'Obrigado. A sessão foi iniciada. Adeus.',
      wrong: 'Esses algarismos não estão certos. Ninguém iniciou sessão. Adeus.',
      stopped: 'Obrigado. Ninguém iniciou sessão, e esta aplicação não lhe vai ligar durante um dia. Adeus.',
      silent: 'Nenhuma tecla foi premida. Ninguém iniciou sessão. Adeus.',
      over: 'Este pedido terminou. Por favor, comece de novo na aplicação. Adeus.',
    },
  },
  nl: {
    hello: (app) => `Hallo, u spreekt met ${app}. Iemand wil inloggen met dit telefoonnummer.`,
    shown: (message) => `De app toont dit bericht: ${message}.`,
    ask: (digits) => `Als u dat bent, toets dan de ${digits} cijfers in die de app toont. Bent u het niet, druk dan op het sterretje.`,
    again: (digits) => `Deze cijfers kloppen niet. Toets alstublieft de ${digits} cijfers in die de app toont. Hebt u hier niet om gevraagd, druk dan op het sterretje.`,
    repeat: 'Wilt u dit nog een keer horen, druk dan op nul.',
    goodbye: {
      approved: 'Dank u wel. U bent ingelogd. Tot ziens.',
      wrong: 'Deze cijfers kloppen niet. Er is niemand ingelogd. Tot ziens.',
      stopped: 'Dank u wel. Er is niemand ingelogd, en deze app belt u een dag lang niet meer. Tot ziens.',
      silent: 'Er is geen toets ingedrukt. Er is niemand ingelogd. Tot ziens.',
      over: 'Deze aanmelding is voorbij. Begin alstublieft opnieuw in de app. Tot ziens.',
    },
  },
  sv: {
    hello: (app) => `Hej, det här är ${app}. Någon vill logga in med det här telefonnumret.`,
    shown: (message) => `Appen visar det här meddelandet: ${message}.`,
    ask: (digits) => `Om det är du, slå de ${digits} siffrorna som appen visar. Om det inte är du, tryck på stjärna.`,
    again: (digits) => `Siffrorna stämmer inte. Slå de ${digits} siffrorna som appen visar. Om du inte har bett om det här, tryck på stjärna.`,
    repeat: 'Tryck noll för att höra det här igen.',
    goodbye: {
      approved: 'Tack. Du är inloggad. Hej då.',
      wrong: 'Siffrorna stämmer inte. Ingen har loggats in. Hej då.',
      stopped: 'Tack. Ingen har loggats in, och den här appen ringer dig inte på ett dygn. Hej då.',
      silent: 'Ingen knapp trycktes ned. Ingen har loggats in. Hej då.',
      over: 'Den här inloggningen är avslutad. Börja om i appen. Hej då.',
    },
  },
  da: {
    hello: (app) => `Hej, det er ${app}. Nogen vil logge ind med dette telefonnummer.`,
    shown: (message) => `Appen viser denne besked: ${message}.`,
    ask: (digits) => `Hvis det er dig, så tast de ${digits} cifre, som appen viser. Hvis det ikke er dig, så tryk på stjerne.`,
    again: (digits) => `Cifrene er ikke rigtige. Tast de ${digits} cifre, som appen viser. Hvis du ikke har bedt om dette, så tryk på stjerne.`,
    repeat: 'Tryk nul for at høre dette igen.',
    goodbye: {
      approved: 'Tak. Du er logget ind. Farvel.',
      wrong: 'Cifrene er ikke rigtige. Ingen er blevet logget ind. Farvel.',
      stopped: 'Tak. Ingen er blevet logget ind, og denne app ringer ikke til dig det næste døgn. Farvel.',
      silent: 'Der blev ikke trykket på nogen tast. Ingen er blevet logget ind. Farvel.',
      over: 'Dette login er slut. Begynd forfra i appen. Farvel.',
    },
  },
  nb: {
    hello: (app) => `Hei, dette er ${app}. Noen vil logge inn med dette telefonnummeret.`,
    shown: (message) => `Appen viser denne meldingen: ${message}.`,
    ask: (digits) => `Hvis det er deg, tast de ${digits} sifrene som appen viser. Hvis det ikke er deg, trykk stjerne.`,
    again: (digits) => `Sifrene stemmer ikke. Tast de ${digits} sifrene som appen viser. Hvis du ikke har bedt om dette, trykk stjerne.`,
    repeat: 'Trykk null for å høre dette igjen.',
    goodbye: {
      approved: 'Takk. Du er logget inn. Ha det.',
      wrong: 'Sifrene stemmer ikke. Ingen ble logget inn. Ha det.',
      stopped: 'Takk. Ingen ble logget inn, og denne appen ringer deg ikke det neste døgnet. Ha det.',
      silent: 'Ingen tast ble trykket. Ingen ble logget inn. Ha det.',
      over: 'Denne innloggingen er over. Begynn på nytt i appen. Ha det.',
    },
  },
  fi: {
    hello: (app) => `Hei, täällä ${app}. Joku haluaa kirjautua sisään tällä puhelinnumerolla.`,
    shown: (message) => `Sovellus näyttää tämän viestin: ${message}.`,
    ask: (digits) => `Jos se olet sinä, näppäile ne ${digits} numeroa, jotka sovellus näyttää. Jos se et ole sinä, paina tähteä.`,
    again: (digits) => `Numerot eivät ole oikein. Näppäile ne ${digits} numeroa, jotka sovellus näyttää. Jos et ole pyytänyt tätä, paina tähteä.`,
    repeat: 'Jos haluat kuulla tämän uudelleen, paina nollaa.',
    goodbye: {
      approved: 'Kiitos. Olet nyt kirjautunut sisään. Kuulemiin.',
      wrong: 'Numerot eivät ole oikein. Ketään ei kirjattu sisään. Kuulemiin.',
      stopped: 'Kiitos. Ketään ei kirjattu sisään, eikä tämä sovellus soita sinulle vuorokauteen. Kuulemiin.',
      silent: 'Mitään näppäintä ei painettu. Ketään ei kirjattu sisään. Kuulemiin.',
      over: 'Tämä kirjautuminen on päättynyt. Aloita sovelluksessa alusta. Kuulemiin.',
    },
  },
  pl: {
    hello: (app) => `Dzień dobry, tu ${app}. Ktoś chce się zalogować za pomocą tego numeru telefonu.`,
    shown: (message) => `Aplikacja pokazuje wiadomość: ${message}.`,
    ask: (digits) => `Jeśli to Ty, wybierz na klawiaturze ${pl(digits)}, które pokazuje aplikacja. Jeśli to nie Ty, naciśnij gwiazdkę.`,
    again: (digits) => `Cyfry są nieprawidłowe. Wybierz na klawiaturze ${pl(digits)}, które pokazuje aplikacja. Jeśli to nie Twoja prośba, naciśnij gwiazdkę.`,
    repeat: 'Aby wysłuchać tego jeszcze raz, naciśnij zero.',
    goodbye: {
      approved: 'Dziękujemy. Logowanie się powiodło. Do widzenia.',
      wrong: 'Cyfry są nieprawidłowe. Nikt nie został zalogowany. Do widzenia.',
      stopped: 'Dziękujemy. Nikt nie został zalogowany, a ta aplikacja nie zadzwoni do Ciebie przez dobę. Do widzenia.',
      silent: 'Nie naciśnięto żadnego klawisza. Nikt nie został zalogowany. Do widzenia.',
      over: 'To logowanie już się zakończyło. Zacznij od nowa w aplikacji. Do widzenia.',
    },
  },
  cs: {
    hello: (app) => `Dobrý den, tady ${app}. Někdo se chce přihlásit s tímto telefonním číslem.`,
    shown: (message) => `Aplikace ukazuje tuto zprávu: ${message}.`,
    ask: (digits) => `Pokud jste to vy, zadejte ${cs(digits)}, které ukazuje aplikace. Pokud to nejste vy, stiskněte hvězdičku.`,
    again: (digits) => `Číslice nejsou správné. Zadejte prosím ${cs(digits)}, které ukazuje aplikace. Pokud to není vaše žádost, stiskněte hvězdičku.`,
    repeat: 'Chcete-li to slyšet znovu, stiskněte nulu.',
    goodbye: {
      approved: 'Děkujeme. Přihlášení proběhlo. Na shledanou.',
      wrong: 'Číslice nejsou správné. Nikdo nebyl přihlášen. Na shledanou.',
      stopped: 'Děkujeme. Nikdo nebyl přihlášen a tato aplikace vám po celý den nezavolá. Na shledanou.',
      silent: 'Nebyla stisknuta žádná klávesa. Nikdo nebyl přihlášen. Na shledanou.',
      over: 'Toto přihlášení už skončilo. Začněte prosím v aplikaci znovu. Na shledanou.',
    },
  },
  ru: {
    hello: (app) => `Здравствуйте, это ${app}. Кто-то хочет войти с этим номером телефона.`,
    shown: (message) => `Приложение показывает сообщение: ${message}.`,
    ask: (digits) => `Если это вы, наберите ${ru(digits)}, которые показывает приложение. Если это не вы, нажмите звёздочку.`,
    again: (digits) => `Цифры неверные. Пожалуйста, наберите ${ru(digits)}, которые показывает приложение. Если вы этого не просили, нажмите звёздочку.`,
    repeat: 'Чтобы прослушать ещё раз, нажмите ноль.',
    goodbye: {
      approved: 'Спасибо. Вход выполнен. До свидания.',
      wrong: 'Цифры неверные. Вход не выполнен. До свидания.',
      stopped: 'Спасибо. Вход не выполнен, и это приложение не будет звонить вам в течение суток. До свидания.',
      silent: 'Ни одна клавиша не нажата. Вход не выполнен. До свидания.',
      over: 'Время этого входа прошло. Пожалуйста, начните заново в приложении. До свидания.',
    },
  },
  uk: {
    hello: (app) => `Вітаємо, це ${app}. Хтось хоче увійти з цим номером телефону.`,
    shown: (message) => `Застосунок показує повідомлення: ${message}.`,
    ask: (digits) => `Якщо це ви, наберіть ${uk(digits)}, які показує застосунок. Якщо це не ви, натисніть зірочку.`,
    again: (digits) => `Цифри неправильні. Будь ласка, наберіть ${uk(digits)}, які показує застосунок. Якщо ви цього не просили, натисніть зірочку.`,
    repeat: 'Щоб прослухати ще раз, натисніть нуль.',
    goodbye: {
      approved: 'Дякуємо. Вхід виконано. До побачення.',
      wrong: 'Цифри неправильні. Вхід не виконано. До побачення.',
      stopped: 'Дякуємо. Вхід не виконано, і цей застосунок не телефонуватиме вам протягом доби. До побачення.',
      silent: 'Жодної клавіші не натиснуто. Вхід не виконано. До побачення.',
      over: 'Час цього входу минув. Будь ласка, почніть знову в застосунку. До побачення.',
    },
  },
  tr: {
    hello: (app) => `Merhaba, ${app} arıyor. Birisi bu telefon numarasıyla oturum açmak istedi.`,
    shown: (message) => `Uygulama şu mesajı gösteriyor: ${message}.`,
    ask: (digits) => `Bu siz iseniz, uygulamanın gösterdiği ${digits} rakamı tuşlayın. Siz değilseniz, yıldız tuşuna basın.`,
    again: (digits) => `Rakamlar doğru değil. Lütfen uygulamanın gösterdiği ${digits} rakamı tuşlayın. Bunu siz istemediyseniz, yıldız tuşuna basın.`,
    repeat: 'Bunu tekrar dinlemek için sıfıra basın.',
    goodbye: {
      approved: 'Teşekkürler. Oturum açıldı. Hoşça kalın.',
      wrong: 'Rakamlar doğru değil. Oturum açılmadı. Hoşça kalın.',
      stopped: 'Teşekkürler. Oturum açılmadı ve bu uygulama sizi bir gün boyunca aramayacak. Hoşça kalın.',
      silent: 'Hiçbir tuşa basılmadı. Oturum açılmadı. Hoşça kalın.',
      over: 'Bu oturum açma isteği sona erdi. Lütfen uygulamada yeniden başlayın. Hoşça kalın.',
    },
  },
  ar: {
    hello: (app) => `مرحبًا، معك ${app}. طلب شخص ما تسجيل الدخول برقم الهاتف هذا.`,
    shown: (message) => `يعرض التطبيق هذه الرسالة: ${message}.`,
    ask: (digits) => `إذا كان هذا الطلب منك، فيُرجى إدخال ${ar(digits)} في التطبيق. وإذا لم يكن منك، فيُرجى الضغط على مفتاح النجمة.`,
    again: (digits) => `هذه الأرقام غير صحيحة. يُرجى إدخال ${ar(digits)} في التطبيق. وإذا لم يكن هذا الطلب منك، فيُرجى الضغط على مفتاح النجمة.`,
    repeat: 'لسماع ذلك مرة أخرى، يُرجى الضغط على صفر.',
    goodbye: {
      approved: 'شكرًا. تم تسجيل الدخول. مع السلامة.',
      wrong: 'هذه الأرقام غير صحيحة. لم يتم تسجيل الدخول. مع السلامة.',
      stopped: 'شكرًا. لم يتم تسجيل الدخول، ولن يتصل بك هذا التطبيق لمدة يوم. مع السلامة.',
      silent: 'لم يُضغط على أي مفتاح. لم يتم تسجيل الدخول. مع السلامة.',
      over: 'انتهى طلب تسجيل الدخول هذا. يُرجى البدء من جديد في التطبيق. مع السلامة.',
    },
  },
  hi: {
    hello: (app) => `नमस्ते। यह ${app} की ओर से कॉल है। किसी ने इस फ़ोन नंबर से साइन इन करना चाहा है।`,
    shown: (message) => `ऐप यह संदेश दिखा रहा है: ${message}।`,
    ask: (digits) => `अगर वह आप हैं, तो ऐप में दिख रहे ${hi(digits)} अंक दबाएँ। अगर वह आप नहीं हैं, तो स्टार दबाएँ।`,
    again: (digits) => `ये अंक सही नहीं हैं। कृपया ऐप में दिख रहे ${hi(digits)} अंक दबाएँ। अगर यह आपने नहीं चाहा, तो स्टार दबाएँ।`,
    repeat: 'इसे फिर से सुनने के लिए शून्य दबाएँ।',
    goodbye: {
      approved: 'धन्यवाद। साइन इन हो गया है। नमस्ते।',
      wrong: 'ये अंक सही नहीं हैं। साइन इन नहीं हुआ। नमस्ते।',
      stopped: 'धन्यवाद। साइन इन नहीं हुआ, और यह ऐप आपको एक दिन तक कॉल नहीं करेगा। नमस्ते।',
      silent: 'कोई बटन नहीं दबाया गया। साइन इन नहीं हुआ। नमस्ते।',
      over: 'यह साइन इन अब समाप्त हो चुका है। कृपया ऐप में फिर से शुरू करें। नमस्ते।',
    },
  },
  ja: {
    hello: (app) => `こちらは${app}です。この電話番号でのサインインが求められています。`,
    shown: (message) => `アプリには次のメッセージが表示されています。${message}。`,
    ask: (digits) => `ご本人の場合は、アプリに表示されている${digits}桁の数字を押してください。心当たりがない場合は、こめじるしを押してください。`,
    again: (digits) => `数字が正しくありません。アプリに表示されている${digits}桁の数字を押してください。心当たりがない場合は、こめじるしを押してください。`,
    repeat: 'もう一度お聞きになるには、ゼロを押してください。',
    goodbye: {
      approved: 'ありがとうございます。サインインが完了しました。失礼いたします。',
      wrong: '数字が正しくありません。サインインは行われませんでした。失礼いたします。',
      stopped: 'ありがとうございます。サインインは行われませんでした。このアプリからは一日のあいだお電話しません。失礼いたします。',
      silent: '番号が押されませんでした。サインインは行われませんでした。失礼いたします。',
      over: 'このサインインは終了しました。アプリでもう一度始めてください。失礼いたします。',
    },
  },
  ko: {
    hello: (app) => `안녕하세요. ${app}입니다. 누군가 이 전화번호로 로그인하려고 합니다.`,
    shown: (message) => `앱에 다음 메시지가 표시되어 있습니다. ${message}.`,
    ask: (digits) => `본인이 맞으면 앱에 표시된 ${ko(digits)} 자리 숫자를 눌러 주세요. 본인이 아니면 별표를 눌러 주세요.`,
    again: (digits) => `숫자가 맞지 않습니다. 앱에 표시된 ${ko(digits)} 자리 숫자를 눌러 주세요. 요청하지 않으셨다면 별표를 눌러 주세요.`,
    repeat: '다시 들으시려면 영번을 눌러 주세요.',
    goodbye: {
      approved: '감사합니다. 로그인되었습니다. 안녕히 계세요.',
      wrong: '숫자가 맞지 않습니다. 로그인되지 않았습니다. 안녕히 계세요.',
      stopped: '감사합니다. 로그인되지 않았으며, 이 앱은 하루 동안 전화하지 않습니다. 안녕히 계세요.',
      silent: '아무 번호도 누르지 않으셨습니다. 로그인되지 않았습니다. 안녕히 계세요.',
      over: '이 로그인은 종료되었습니다. 앱에서 다시 시작해 주세요. 안녕히 계세요.',
    },
  },
  zh: {
    hello: (app) => `您好，这里是${app}。有人请求用这个电话号码登录。`,
    shown: (message) => `应用中显示的信息是：${message}。`,
    ask: (digits) => `如果是您本人，请按下应用中显示的${zh(digits)}位数字。如果不是您本人，请按星号键。`,
    again: (digits) => `数字不正确。请按下应用中显示的${zh(digits)}位数字。如果您没有请求登录，请按星号键。`,
    repeat: '重听请按零。',
    goodbye: {
      approved: '谢谢，您已登录。再见。',
      wrong: '数字不正确，登录没有成功。再见。',
      stopped: '谢谢，登录没有成功，这个应用一天之内不会再给您打电话。再见。',
      silent: '没有收到按键，登录没有成功。再见。',
      over: '这次登录已经结束，请在应用中重新开始。再见。',
    },
  },
  'zh-Hant': {
    hello: (app) => `您好，這裡是${app}。有人要求用這個電話號碼登入。`,
    shown: (message) => `應用程式顯示的訊息是：${message}。`,
    ask: (digits) => `如果是您本人，請按下應用程式顯示的${hant(digits)}位數字。如果不是您本人，請按星號鍵。`,
    again: (digits) => `數字不正確。請按下應用程式顯示的${hant(digits)}位數字。如果您沒有要求登入，請按星號鍵。`,
    repeat: '重聽請按零。',
    goodbye: {
      approved: '謝謝，您已登入。再見。',
      wrong: '數字不正確，登入沒有成功。再見。',
      stopped: '謝謝，登入沒有成功，這個應用程式一天之內不會再打電話給您。再見。',
      silent: '沒有收到按鍵，登入沒有成功。再見。',
      over: '這次登入已經結束，請在應用程式中重新開始。再見。',
    },
  },
} satisfies Record<string, Phrases>
