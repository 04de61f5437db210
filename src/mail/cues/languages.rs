//! The cues of each language.

/// One language's cues, separated by `|`. A trailing `*` stands for any ending; without it the word ends there.
/// Scripts that write words without spaces need no mark.
pub(super) struct Language {
    pub(super) strong: &'static str,
    pub(super) weak: &'static str,
    pub(super) other: &'static str,
}

/// English, German, French, Spanish, Portuguese, Italian, Dutch, Polish, Turkish, Russian,
/// Japanese, Chinese, Korean, Swedish, Danish and Norwegian, Finnish, Czech and Slovak, Hungarian,
/// Romanian, Greek, Ukrainian, Bulgarian, Croatian, Serbian and Slovenian, Arabic, Persian, Hebrew,
/// Hindi, Thai, Vietnamese, Indonesian and Malay, Catalan, the Baltic languages. A language is
/// added by a row here and a mail in `fixtures/eml`. Accents make no difference.
pub(super) const LANGUAGES: [Language; 32] = [
    Language {
        strong: "verification code*|confirmation code*|security code*|activation code|\
            authentication code|authentication number|login token|verification token|login code|sign-in code|sign-up code|\
            registration code|validation code|one-time code|one time code|\
            one-time password|one time password|one-time passcode|one-time pin|\
            otp|verify code|reset code|recovery code|confirm code|\
            verification number|verification pin|your pin|pin is|\
            activation number|temporary password|temporary pin|email code|\
            temporary code|6-digit code|six-digit code|6 digit code",
        weak: "code|codes|access code|token|please use|passcode|passcodes|pin|pin code|verify your|confirm your|to verify|to confirm|\
            verification|enter",
        other: "order*|invoice*|receipt*|ticket*|reference*|ref|case|case id|\
            account number*|account no|account id|customer number*|customer id|\
            customer no|client number*|client id|member number*|membership number*|\
            member id|tracking*|shipment*|parcel*|booking*|reservation*|policy|\
            contract*|transaction*|payment*|zip|zip code|postcode|postal code|area code|\
            country code|sort code|promo code|promotion code|promotional code|\
            discount code|coupon*|coupon code|voucher*|gift code|gift card*|\
            referral code|order code|booking code|tracking code|product code|error code|\
            status code|source code|dress code|qr code|bar code|vat|tax id|phone|tel|\
            telephone|call|fax|hotline|dial|mobile number*|suite|p.o. box|po box|street|\
            id|serial*|version|build|room|seat*|flight*|copyright|total|amount|price|\
            points|no. of|previous code|old code|earlier code|meeting id|meeting|webinar id|\
            conference id|survey*|door|locker*|parking|card|card ending|ending|bank account|code coverage|lines of code|code review|\
            code of conduct|exit|line|commit*|issue*|request id|request number|request no|license*|licence*|model|isbn|sku|\
            station|gate|batch|lot number|postal|extension|ext",
    },
    Language {
        strong: "bestätigungscode*|verifizierungscode*|sicherheitscode*|aktivierungscode*|\
            prüfcode*|einmalcode*|zugangscode*|anmeldecode*|einmalpasswort*|temporäres passwort|\
            einmalkennwort*|bestätigungs-code*|verifizierungs-code*",
        weak: "kode|geben sie|gib|eingeben",
        other: "bestell*|zahlung*|referenz*|aktenzeichen*|abholcode*|auftrag*|rechnung*|kunde*|kundennr|kunden-nr|sendung*|\
            vorgang*|beleg*|vertrag*|postleitzahl*|plz|telefon*|gutschein*|rabattcode*|\
            aktionscode*|kontonummer*|iban|steuernummer*|ust-id*|hrb|fehlercode*",
    },
    Language {
        strong: "code de vérification|code de confirmation|code de sécurité|\
            code d'activation|code d’activation|code de validation|code d'accès|\
            code d’accès|code à usage unique|mot de passe à usage unique|mot de passe temporaire|\
            code temporaire",
        weak: "saisissez|saisis|entrez",
        other: "commande*|facture*|numéro de client*|référence*|réf|dossier*|code postal|\
            code promo*|téléphone*|tél|colis|siret|rcs|billet*",
    },
    Language {
        strong: "código de verificación|código de confirmación|código de seguridad|\
            código de activación|código de acceso|código de validación|clave de acceso|\
            código de un solo uso|contraseña de un solo uso|contraseña temporal|código temporal",
        weak: "código|clave|introduce|introduzca|ingresa|ingrese",
        other: "pedido*|factura*|referencia*|número de cliente|n.º de cliente|expediente*|\
            código postal|código promocional|código de descuento|cupón*|teléfono*|\
            envío*|número de cuenta|recibo*|nif|cif",
    },
    Language {
        strong: "código de verificação|código de confirmação|código de segurança|\
            código de ativação|código de acesso|código de validação|senha temporária|\
            código de uso único",
        weak: "insira|digite|introduza",
        other: "encomenda*|fatura*|referência*|protocolo*|cep|cnpj|cpf|cupom*|telefone*|\
            código de rastreio|código de rastreamento|código de barras",
    },
    Language {
        strong: "codice di verifica|codice di conferma|codice di sicurezza|\
            codice di attivazione|codice di accesso|codice di convalida|codice monouso|\
            password monouso|codice temporaneo",
        weak: "codice|inserisci|inserisca",
        other: "ordine*|fattura*|codice cliente|riferimento*|pratica*|cap|codice postale|\
            codice sconto|codice promozionale|codice fiscale|p.iva|partita iva|\
            telefono*|spedizione*|numero verde",
    },
    Language {
        strong: "verificatiecode*|bevestigingscode*|beveiligingscode*|activeringscode*|\
            toegangscode*|eenmalige code|eenmalig wachtwoord|controlecode*|inlogcode*",
        weak: "voer|vul",
        other: "bestelnummer*|bestelling*|factuur*|klantnummer*|kenmerk*|kvk*|btw*|\
            telefoon*|kortingscode*|zending*|ordernummer*",
    },
    Language {
        strong: "kod weryfikacyjny|kod potwierdzający|kod bezpieczeństwa|kod aktywacyjny|\
            kod dostępu|kodem weryfikacyjnym|kodu weryfikacyjnego|kod jednorazowy|\
            hasło jednorazowe",
        weak: "kod|kodu|kodem|wpisz",
        other: "zamówieni*|faktur*|kod pocztowy|kod rabatowy|telefon*|nip|regon|krs|\
            przesyłk*|zgłoszeni*",
    },
    Language {
        strong: "doğrulama kod*|onay kod*|güvenlik kod*|aktivasyon kod*|\
            tek kullanımlık şifre*|tek kullanımlık kod*|giriş kod*",
        weak: "kodu|kodunuz",
        other: "sipariş*|fatura*|müşteri no|müşteri numara*|posta kod*|indirim kod*|\
            telefon*|kargo*|takip*|referans*",
    },
    Language {
        strong: "код подтверждения|кода подтверждения|код проверки|код безопасности|\
            код активации|код доступа|проверочный код|одноразовый код|\
            одноразовый пароль|код верификации",
        weak: "код|кода|кодом|введите",
        other: "заказ*|счёт*|счет*|почтовый индекс|индекс|промокод*|телефон*|инн|огрн|\
            квитанц*|договор*|обращени*|номер",
    },
    Language {
        strong: "確認コード|認証コード|検証コード|セキュリティコード|ワンタイムパスワード|ワンタイムコード|確認番号|認証番号|暗証番号",
        weak: "コード",
        other: "注文|請求|お客様番号|会員番号|郵便番号|電話|お問い合わせ番号|伝票|予約|クーポンコード|エラーコード|追跡番号|受付番号",
    },
    Language {
        strong: "验证码|驗證碼|校验码|确认码|確認碼|激活码|动态码|安全码|一次性密码|验证代码|確認代碼|驗證代碼|动态密码",
        weak: "代码|代碼",
        other: "订单|訂單|发票|發票|编号|編號|电话|電話|邮编|客服|优惠码|优惠券|单号|單號|会员|账号",
    },
    Language {
        strong: "인증번호|인증 번호|인증코드|인증 코드|확인코드|확인 코드|보안코드|보안 코드|일회용 비밀번호",
        weak: "코드",
        other: "주문|청구|고객번호|고객 번호|우편번호|전화|송장|예약|쿠폰|접수번호|사업자등록번호",
    },
    Language {
        strong: "verifieringskod*|bekräftelsekod*|säkerhetskod*|aktiveringskod*|engångskod*|\
            engångslösenord*|inloggningskod*|kontrollkod*",
        weak: "kod|koden",
        other: "beställning*|ordernummer*|kundnummer*|faktura*|postnummer*|rabattkod*|\
            presentkort*|ärende*|org.nr|orgnr|organisationsnummer*|spårningsnummer*|\
            kampanjkod*|bokningsnummer*",
    },
    Language {
        strong: "bekræftelseskode*|verifikationskode*|bekreftelseskode*|verifiseringskode*|\
            sikkerhedskode*|sikkerhetskode*|aktiveringskode*|engangskode*|\
            engangsadgangskode*|engangspassord*|loginkode*|innloggingskode*",
        weak: "kode|koden",
        other: "ordrenummer*|ordre*|bestilling*|kundenummer*|faktura*|postnummer*|rabatkode*|\
            rabattkode*|sagsnummer*|saksnummer*|cvr*|pakke*|sendingsnummer*|gavekort*",
    },
    Language {
        strong: "vahvistuskoodi*|varmennuskoodi*|todennuskoodi*|turvakoodi*|aktivointikoodi*|\
            kertakäyttökoodi*|kertakäyttöinen koodi|kertakäyttöinen salasana|\
            kertakäyttösalasana*|kirjautumiskoodi*",
        weak: "koodi|koodisi|koodin",
        other: "tilaus*|tilausnumero*|lasku*|asiakasnumero*|postinumero*|alennuskoodi*|\
            y-tunnus*|viitenumero*|puhelin*|seurantakoodi*|lahjakortti*",
    },
    Language {
        strong: "ověřovací kód*|ověřovacího kódu|overovací kód*|potvrzovací kód*|\
            potvrdzovací kód*|bezpečnostní kód*|bezpečnostný kód*|aktivační kód*|\
            aktivačný kód*|jednorázový kód*|jednorázové heslo|přístupový kód*|\
            prístupový kód*|kód pro ověření|kód pro potvrzení|kód na overenie",
        weak: "kód|kódu|kódem|kódom",
        other: "objednávk*|faktur*|zákaznické číslo|psč|slevový kód*|zľavový kód*|telefon*|\
            telefón*|ičo|dič|variabilní symbol|variabilný symbol|zásilk*|zásielk*|\
            číslo účtu|rezervac*|reklamac*",
    },
    Language {
        strong: "ellenőrző kód*|ellenőrzőkód*|megerősítő kód*|megerősítőkód*|hitelesítő kód*|\
            biztonsági kód*|aktiváló kód*|aktiválókód*|egyszer használatos kód*|\
            egyszer használatos jelszó*|belépési kód*|azonosító kód*",
        weak: "kód|kódja|kódod|kódot",
        other: "rendelés*|rendelési szám*|számla*|ügyfélszám*|irányítószám*|kuponkód*|\
            kedvezménykód*|telefon*|adószám*|cégjegyzékszám*|csomagszám*|foglalás*",
    },
    Language {
        strong: "cod de verificare|codul de verificare|codul dumneavoastră de verificare|\
            codul tău de verificare|cod de confirmare|codul de confirmare|\
            cod de securitate|codul de securitate|cod de activare|codul de activare|\
            cod de acces|codul de acces|parolă de unică folosință|cod unic",
        weak: "codul",
        other: "comand*|factur*|număr client|cod poștal|cod promoțional|cod de reducere|\
            telefon*|colet*|rezervar*|referință|awb",
    },
    Language {
        strong: "κωδικός επαλήθευσης|κωδικός επιβεβαίωσης|κωδικό επιβεβαίωσης|\
            κωδικό επαλήθευσης|κωδικός ασφαλείας|κωδικός ενεργοποίησης|κωδικός πρόσβασης|\
            κωδικός μίας χρήσης|κωδικός μιας χρήσης|κωδικός σας",
        weak: "κωδικός|κωδικό",
        other: "παραγγελία*|παραγγελίας|αριθμός παραγγελίας|τιμολόγιο*|αριθμός πελάτη|\
            ταχυδρομικός κώδικας|τ.κ|εκπτωτικός κωδικός|τηλέφωνο*|τηλ|αφμ|κράτηση*|\
            αποστολή*",
    },
    Language {
        strong: "код підтвердження|коду підтвердження|код перевірки|код безпеки|код активації|\
            код доступу|одноразовий код|одноразовий пароль|код верифікації",
        weak: "кодом|коду",
        other: "замовлен*|рахун*|номер клієнта|поштовий індекс|промокод*|телефон*|єдрпоу|\
            квитанц*|посилк*|договір*|звернен*",
    },
    Language {
        strong: "код за потвърждение|кодът за потвърждение|код за потвърждаване|\
            код за проверка|код за сигурност|код за активиране|код за достъп|\
            еднократен код|еднократна парола|кодът ви за потвърждение|потвърдителен код",
        weak: "кодът",
        other: "поръчк*|фактур*|клиентски номер|пощенски код|промо код|код за отстъпка|еик|\
            пратк*|резервац*",
    },
    Language {
        strong: "kod za potvrdu|kôd za potvrdu|verifikacijski kod*|verifikacioni kod*|\
            potvrdni kod*|sigurnosni kod*|bezbednosni kod*|aktivacijski kod*|\
            aktivacioni kod*|jednokratni kod*|jednokratna lozinka|kod za provjeru|\
            kod za proveru|potrditvena koda|potrditveno kodo|varnostna koda|enkratna koda|\
            enkratno geslo|kod za verifikaciju|верификациони код|код за потврду|\
            потврдни код",
        weak: "koda|kodo|kodom",
        other: "narudžb*|narudžbin*|porudžbin*|naročil*|račun*|broj kupca|poštanski broj|\
            poštna številka|promotivni kod*|kod za popust|telefon*|oib|pib|pošiljk*|\
            rezervacij*",
    },
    Language {
        strong: "رمز التحقق|رمز التأكيد|رمز تأكيد|رمز الأمان|رمز التفعيل|كود التحقق|\
            كود التفعيل|رمز الدخول|رمز المرور لمرة واحدة|كلمة المرور لمرة واحدة|رمز تحقق|\
            رقم التحقق",
        weak: "رمز|الرمز|رمزك|كود|الكود",
        other: "رقم الطلب|طلب رقم|طلبك رقم|الفاتورة|فاتورة|رقم العميل|الرمز البريدي|رمز بريدي|\
            كود الخصم|رمز الخصم|رمز القسيمة|هاتف|الهاتف|اتصل|رقم الحجز|رقم الشحنة|\
            رقم المرجع",
    },
    Language {
        strong: "کد تایید|کد تأیید|کد تائید|کد فعالسازی|کد امنیتی|رمز یکبار مصرف|\
            کد یکبار مصرف|کد ورود",
        weak: "کد",
        other: "شماره سفارش|سفارش|فاکتور|کد پستی|کد تخفیف|تلفن|شماره مشتری|کد رهگیری|کد پیگیری",
    },
    Language {
        strong: "קוד אימות|קוד האימות|קוד אישור|קוד האישור|קוד אבטחה|קוד האבטחה|קוד הפעלה|\
            קוד חד פעמי|קוד חד-פעמי|סיסמה חד פעמית|סיסמה חד-פעמית|קוד גישה|קוד כניסה|\
            קוד וידוא",
        weak: "קוד|הקוד|קודך",
        other: "הזמנה|ההזמנה|מספר הזמנה|חשבונית|מספר לקוח|מיקוד|קוד קופון|קופון|טלפון|טל|ח.פ|\
            משלוח|מספר אסמכתא",
    },
    Language {
        strong: "सत्यापन कोड|पुष्टिकरण कोड|पुष्टि कोड|सुरक्षा कोड|वन-टाइम पासवर्ड|\
            वन टाइम पासवर्ड|एक बार का पासवर्ड|ओटीपी|सक्रियण कोड|एक्टिवेशन कोड|\
            प्रमाणीकरण कोड",
        weak: "कोड",
        other: "ऑर्डर|आदेश संख्या|चालान|ग्राहक संख्या|पिन कोड|पिनकोड|कूपन|फोन|फ़ोन|दूरभाष|\
            बुकिंग|संदर्भ",
    },
    Language {
        strong: "รหัสยืนยัน|รหัสการยืนยัน|รหัสยืนยันตัวตน|รหัสความปลอดภัย|รหัสเปิดใช้งาน|\
            รหัสผ่านครั้งเดียว|รหัสผ่านแบบใช้ครั้งเดียว|รหัสตรวจสอบ",
        weak: "รหัส",
        other: "คำสั่งซื้อ|หมายเลขคำสั่งซื้อ|ใบแจ้งหนี้|รหัสไปรษณีย์|รหัสส่วนลด|รหัสโปรโมชั่น|\
            โทร|โทรศัพท์|หมายเลขลูกค้า|รหัสลูกค้า|พัสดุ|การจอง",
    },
    Language {
        strong: "mã xác minh|mã xác nhận|mã xác thực|mã bảo mật|mã kích hoạt|mật khẩu một lần|\
            mật khẩu dùng một lần|mã dùng một lần|mã đăng nhập|mã truy cập",
        weak: "mã số",
        other: "đơn hàng|mã đơn hàng|hóa đơn|mã khách hàng|mã bưu chính|mã bưu điện|\
            mã giảm giá|mã khuyến mãi|điện thoại|mã số thuế|mã vận đơn|đặt chỗ|mã đặt chỗ",
    },
    Language {
        strong: "kode verifikasi|kode konfirmasi|kode keamanan|kode aktivasi|kode akses|\
            kode otp|kode otentikasi|kode sekali pakai|kata sandi sekali pakai|\
            kode autentikasi|kod pengesahan|kod verifikasi|kod keselamatan|\
            kod pengaktifan|kata laluan sekali guna",
        weak: "kode|kod anda",
        other: "pesanan|nomor pesanan|faktur|invois|nomor pelanggan|kode pos|kode promo|\
            kode diskon|kode voucher|telepon|npwp|nomor resi|poskod|nombor pesanan|\
            pemesanan|kode booking",
    },
    Language {
        strong: "codi de verificació|codi de confirmació|codi de seguretat|codi d'activació|\
            codi d'accés|codi d'un sol ús|contrasenya d'un sol ús",
        weak: "codi",
        other: "comanda*|factura*|número de client|codi postal|codi promocional|telèfon*|\
            referència*",
    },
    Language {
        strong: "patvirtinimo kod*|tikrinimo kod*|saugos kod*|aktyvavimo kod*|\
            vienkartinis kod*|vienkartinis slaptažod*|apstiprinājuma kod*|\
            verifikācijas kod*|drošības kod*|aktivizācijas kod*|vienreizējais kods|\
            kinnituskood*|turvakood*|aktiveerimiskood*|ühekordne kood*|ühekordne parool*",
        weak: "kodas|kodą|kods|kodu|kood|koodi",
        other: "užsakym*|sąskait*|kliento numer*|pašto kodas|nuolaidos kod*|telefon*|\
            pasūtījum*|rēķin*|klienta numur*|pasta indekss|atlaižu kod*|tellimus*|arve|\
            kliendinumber*|postiindeks|sooduskood*",
    },
];
