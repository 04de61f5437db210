//! The cues of each language.

/// One language's cues, separated by `|`. A trailing `*` stands for any ending; without it the word ends there.
/// Scripts that write words without spaces need no mark.
pub(super) struct Language {
    pub(super) strong: &'static str,
    pub(super) weak: &'static str,
    pub(super) other: &'static str,
}

/// English, German, French, Spanish, Portuguese, Italian, Dutch, Polish, Turkish, Russian,
/// Japanese, Chinese, Korean. A language is added by a row here and a mail in `fixtures/eml`.
pub(super) const LANGUAGES: [Language; 13] = [
    Language {
        strong: "verification code|confirmation code|security code|activation code|\
            authentication code|access code|login code|sign-in code|sign-up code|\
            registration code|validation code|one-time code|one time code|\
            one-time password|one time password|one-time passcode|one-time pin|passcode|\
            passcodes|otp|pin|pin code|verify code|reset code|confirm code|\
            temporary code|6-digit code|six-digit code",
        weak: "code|verify your|confirm your|to verify|to confirm",
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
            points|no. of|previous code|old code|earlier code",
    },
    Language {
        strong: "bestätigungscode*|verifizierungscode*|sicherheitscode*|aktivierungscode*|\
            prüfcode*|einmalcode*|zugangscode*|anmeldecode*|einmalpasswort*|\
            einmalkennwort*|bestätigungs-code*|verifizierungs-code*",
        weak: "kode",
        other: "bestell*|auftrag*|rechnung*|kundennummer*|kundennr|kunden-nr|sendung*|\
            vorgang*|beleg*|vertrag*|postleitzahl*|plz|telefon*|gutschein*|rabattcode*|\
            aktionscode*|kontonummer*|iban|steuernummer*|ust-id*|hrb|fehlercode*",
    },
    Language {
        strong: "code de vérification|code de confirmation|code de sécurité|\
            code d'activation|code d’activation|code de validation|code d'accès|\
            code d’accès|code à usage unique|mot de passe à usage unique|\
            code temporaire",
        weak: "",
        other: "commande*|facture*|numéro de client*|référence*|réf|dossier*|code postal|\
            code promo*|téléphone*|tél|colis|siret|rcs|billet*",
    },
    Language {
        strong: "código de verificación|código de confirmación|código de seguridad|\
            código de activación|código de acceso|código de validación|clave de acceso|\
            código de un solo uso|contraseña de un solo uso|código temporal",
        weak: "código|codigo|clave",
        other: "pedido*|factura*|referencia*|número de cliente|n.º de cliente|expediente*|\
            código postal|código promocional|código de descuento|cupón*|teléfono*|\
            envío*|número de cuenta|recibo*|nif|cif",
    },
    Language {
        strong: "código de verificação|código de confirmação|código de segurança|\
            código de ativação|código de acesso|código de validação|senha temporária|\
            código de uso único",
        weak: "",
        other: "encomenda*|fatura*|referência*|protocolo*|cep|cnpj|cpf|cupom*|telefone*|\
            código de rastreio|código de rastreamento|código de barras",
    },
    Language {
        strong: "codice di verifica|codice di conferma|codice di sicurezza|\
            codice di attivazione|codice di accesso|codice di convalida|codice monouso|\
            password monouso|codice temporaneo",
        weak: "codice",
        other: "ordine*|fattura*|codice cliente|riferimento*|pratica*|cap|codice postale|\
            codice sconto|codice promozionale|codice fiscale|p.iva|partita iva|\
            telefono*|spedizione*|numero verde",
    },
    Language {
        strong: "verificatiecode*|bevestigingscode*|beveiligingscode*|activeringscode*|\
            toegangscode*|eenmalige code|eenmalig wachtwoord|controlecode*|inlogcode*",
        weak: "",
        other: "bestelnummer*|bestelling*|factuur*|klantnummer*|kenmerk*|kvk*|btw*|\
            telefoon*|kortingscode*|zending*|ordernummer*",
    },
    Language {
        strong: "kod weryfikacyjny|kod potwierdzający|kod bezpieczeństwa|kod aktywacyjny|\
            kod dostępu|kodem weryfikacyjnym|kodu weryfikacyjnego|kod jednorazowy|\
            hasło jednorazowe",
        weak: "kod|kodu|kodem",
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
        weak: "код|кода|кодом",
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
];
