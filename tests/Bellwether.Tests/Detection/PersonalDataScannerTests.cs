using System.Text;
using Bellwether.Detection;
using CsCheck;

namespace Bellwether.Tests.Detection;

public sealed class PersonalDataScannerTests
{
    [Theory]
    [InlineData("Mail jane.doe+x@example.co.uk, please.", "EMAIL:jane.doe+x@example.co.uk")]
    [InlineData("mailto:müller@bücher.example", "EMAIL:müller@bücher.example")]
    [InlineData("Call +1 (415) 555-2671 or +49 30 901820 today", "PHONE:+1 (415) 555-2671|PHONE:+49 30 901820")]
    [InlineData("reach me at (212) 555-0187 ext. 22", "PHONE:(212) 555-0187 ext. 22")]
    [InlineData("tel: 020 7946 0958", "PHONE:020 7946 0958")]
    [InlineData("Mi móvil es 612 345 678.", "PHONE:612 345 678")]
    [InlineData("Her SSN is 536-90-4399.", "SSN:536-90-4399")]
    [InlineData("SSN: 000-12-3456", "SSN:000-12-3456")]
    [InlineData("social security number 536904399", "SSN:536904399")]
    [InlineData("pay with 4111 1111 1111 1111 now", "CREDIT_CARD:4111 1111 1111 1111")]
    [InlineData("amex 3782-822463-10005", "CREDIT_CARD:3782-822463-10005")]
    [InlineData("Card: 4000-0000-0102-3864", "CREDIT_CARD:4000-0000-0102-3864")]
    [InlineData("IBAN GB82 WEST 1234 5698 7654 32.", "IBAN:GB82 WEST 1234 5698 7654 32")]
    [InlineData("to DE89370400440532013000 today", "IBAN:DE89370400440532013000")]
    [InlineData("from 192.0.2.17 and 2001:db8::8a2e:370:7334", "IP:192.0.2.17|IP:2001:db8::8a2e:370:7334")]
    [InlineData("mac 00:1b:44:11:3a:b7", "MAC:00:1b:44:11:3a:b7")]
    [InlineData("DOB: 1984-07-02, admitted 2024-01-05", "DOB:1984-07-02")]
    [InlineData("born on 12 March 1980 in", "DOB:12 March 1980")]
    [InlineData("Fecha de nacimiento: 21/02/2015", "DOB:21/02/2015")]
    [InlineData("Her CPF is 390.533.447-05", "NATIONAL_ID:390.533.447-05")]
    [InlineData("PESEL 44051401359", "NATIONAL_ID:44051401359")]
    [InlineData("DNI 54362315K", "NATIONAL_ID:54362315K")]
    [InlineData("hetu 131052-308T", "NATIONAL_ID:131052-308T")]
    [InlineData("Passport No: X1234567", "PASSPORT:X1234567")]
    [InlineData("lives at 2199 Spruce Ave, Chester, MI 10893.", "ADDRESS:2199 Spruce Ave, Chester, MI 10893")]
    [InlineData("Wohnhaft Hauptstraße 12, 10115 Berlin", "ADDRESS:Hauptstraße 12, 10115 Berlin")]
    [InlineData("vive en Calle Mayor, 27", "ADDRESS:Calle Mayor, 27")]
    [InlineData("12 rue de la Paix, 75002 Paris", "ADDRESS:12 rue de la Paix, 75002 Paris")]
    [InlineData("Patient: Anna Kowalska", "PERSON:Anna Kowalska")]
    [InlineData("Please ask Michael Robinson about it", "PERSON:Michael Robinson")]
    [InlineData("Good question. With Jane Doe, the part that people overlook", "PERSON:Jane Doe")]
    [InlineData("Dear Ms. Suzuki,", "PERSON:Ms. Suzuki")]
    [InlineData("my name is Zorvan Quillfeather and", "PERSON:Zorvan Quillfeather")]
    [InlineData("氏名：山田 太郎", "PERSON:山田 太郎")]
    [InlineData("send it to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "CRYPTO_WALLET:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa")]
    [InlineData("postgres://app:s3cr3t@db.example.org:5432/main", "CREDENTIAL_URL:postgres://app:s3cr3t@db.example.org:5432/main")]
    [InlineData("password=hunter2!", "PASSWORD:hunter2!")]
    [InlineData("{\"ssn\": \"536-90-4399\", \"phone\": \"4155552671\"}", "SSN:536-90-4399|PHONE:4155552671")]
    [InlineData("{\"call_time\": \"\", \"national_id\": \"44051401359\", \"account_id\": \"12345678\"}", "NATIONAL_ID:44051401359|BANK_ACCOUNT:12345678")]
    [InlineData("call me any time: 4155552671", "PHONE:4155552671")]
    [InlineData("My National Insurance number is AB123456C.", "NATIONAL_ID:AB123456C")]
    [InlineData("::83c is where it came from", "IP:::83c")]
    [InlineData("GET https://192.0.2.17/path from host/198.51.100.4:80", "IP:192.0.2.17|IP:198.51.100.4")]
    [InlineData("Born March 12, 1980 in Leeds", "DOB:March 12, 1980")]
    [InlineData("DOB: Mar. 3, 1975", "DOB:Mar. 3, 1975")]
    [InlineData("date of birth: May 17th, 1990", "DOB:May 17th, 1990")]
    [InlineData("出生日期：1990年5月17日", "DOB:1990年5月17日")]
    [InlineData("생년월일 1990년 5월 17일", "DOB:1990년 5월 17일")]
    [InlineData("تاريخ الميلاد: 17/05/1990", "DOB:17/05/1990")]
    [InlineData("I live at 221B Baker Street, London NW1 6XE", "ADDRESS:221B Baker Street, London NW1 6XE")]
    [InlineData("住所：東京都渋谷区神南1-2-3", "ADDRESS:東京都渋谷区神南1-2-3")]
    [InlineData("地址：北京市朝阳区建国路88号，谢谢", "ADDRESS:北京市朝阳区建国路88号")]
    [InlineData("адрес: ул. Ленина, д. 5, кв. 12, Москва", "ADDRESS:ул. Ленина, д. 5, кв. 12, Москва")]
    [InlineData("我叫王小明", "PERSON:王小明")]
    [InlineData("私の名前は田中太郎です", "PERSON:田中太郎")]
    [InlineData("제 이름은 김민수입니다", "PERSON:김민수")]
    [InlineData("ring +44(0)20 7946 0958 now", "PHONE:+44(0)20 7946 0958")]
    [InlineData("01.44.55.66.77 le soir", "PHONE:01.44.55.66.77")]
    [InlineData("138 0013 8000", "PHONE:138 0013 8000")]
    [InlineData("Llámame al 612 345 678", "PHONE:612 345 678")]
    [InlineData("Звоните: 8 (916) 123-45-67", "PHONE:8 (916) 123-45-67")]
    [InlineData("اتصل بي على 0501234567", "PHONE:0501234567")]
    [InlineData("CCCD 001099012345", "NATIONAL_ID:001099012345")]
    [InlineData("เลขบัตรประชาชน 1101700230708", "NATIONAL_ID:1101700230708")]
    [InlineData("паспорт 4509 123456", "NATIONAL_ID:4509 123456")]
    [InlineData("ИНН 500100732259", "NATIONAL_ID:500100732259")]
    [InlineData("СНИЛС 112-233-445 95", "NATIONAL_ID:112-233-445 95")]
    [InlineData("マイナンバー 1234 5678 9018", "NATIONAL_ID:1234 5678 9018")]
    [InlineData("आधार संख्या: 2345 6789 0124", "NATIONAL_ID:2345 6789 0124")]
    [InlineData("fødselsnr 010190 12480", "NATIONAL_ID:010190 12480")]
    [InlineData("cédula 1.020.304.050", "NATIONAL_ID:1.020.304.050")]
    [InlineData("Reisepass-Nr. C4VJ5K8H9", "PASSPORT:C4VJ5K8H9")]
    [InlineData("mein Passwort ist Sommer2024!", "PASSWORD:Sommer2024!")]
    [InlineData("the password is tr0ub4dor&3, sorry", "PASSWORD:tr0ub4dor&3")]
    public void It_is_found_where_it_stands(string text, string expected) => Assert.Equal(expected, Found(text));

    [Theory]
    [InlineData("Mit CPR-nummer er 030184-9614.", "NATIONAL_ID:030184-9614")]
    [InlineData("my RRN: 971018-1553933", "NATIONAL_ID:971018-1553933")]
    [InlineData("DNI 99601211-X", "NATIONAL_ID:99601211-X")]
    [InlineData("NIE Y-5874162-E, por favor", "NATIONAL_ID:Y-5874162-E")]
    [InlineData("Mi RUT es 48.286.001-K", "NATIONAL_ID:48.286.001-K")]
    [InlineData("RUT 48286001K", "NATIONAL_ID:48286001K")]
    [InlineData("HKID: A123456(3)", "NATIONAL_ID:A123456(3)")]
    [InlineData("No. kad pengenalan 800307-14-5653", "NATIONAL_ID:800307-14-5653")]
    [InlineData("מספר הזהות שלי הוא 955691555", "NATIONAL_ID:955691555")]
    [InlineData("загранпаспорт 75 1234567", "PASSPORT:75 1234567")]
    [InlineData("パスポート番号 TK1234567", "PASSPORT:TK1234567")]
    [InlineData("NPWP: 80.427.333.2-094.276", "TAX_ID:80.427.333.2-094.276")]
    [InlineData("driver licence number MORGA753116SM9IJ", "DRIVER_LICENSE:MORGA753116SM9IJ")]
    [InlineData("birthdate=19800312", "DOB:19800312")]
    [InlineData("nací el 3 de marzo de 1984", "DOB:3 de marzo de 1984")]
    [InlineData("syntynyt 3.3.1984", "DOB:3.3.1984")]
    [InlineData("Sehr geehrter Herr Prof. Dr. Hoffmann,", "PERSON:Herr Prof. Dr. Hoffmann")]
    [InlineData("cc Jean-Pierre Dubois", "PERSON:Jean-Pierre Dubois")]
    [InlineData("Tel. 00351 912 341 760", "PHONE:00351 912 341 760")]
    [InlineData("1600 Pennsylvania Avenue NW, Washington, DC 20500", "ADDRESS:1600 Pennsylvania Avenue NW, Washington, DC 20500")]
    [InlineData("45 bis avenue Victor Hugo, 69003 Lyon", "ADDRESS:45 bis avenue Victor Hugo, 69003 Lyon")]
    [InlineData("Jag bor på Storgatan 12, 111 22 Stockholm", "ADDRESS:Storgatan 12, 111 22 Stockholm")]
    [InlineData("use amqp://guest:guestpw@rabbit:5672 please", "CREDENTIAL_URL:amqp://guest:guestpw@rabbit:5672")]
    [InlineData("redis://:p4ssw0rd@10.0.0.5:6379/0", "CREDENTIAL_URL:redis://:p4ssw0rd@10.0.0.5:6379/0")]
    [InlineData("our DATADOG api key 9f8e7d6c5b4a39281706f5e4d3c2b1a0", "API_KEY:9f8e7d6c5b4a39281706f5e4d3c2b1a0")]
    [InlineData("the access token is 9f8e7d6c5b4a39281706f5e4d3c2b1a0", "API_KEY:9f8e7d6c5b4a39281706f5e4d3c2b1a0")]
    [InlineData("to rN7n7otQDd6FczFgLdSqtcsAUxDkw6fzRH", "CRYPTO_WALLET:rN7n7otQDd6FczFgLdSqtcsAUxDkw6fzRH")]
    [InlineData("addr1qx2fxv2umyhttkxyxp8x0dlpdt3k6cwng5pxj3jhsydzer3n0d3vllmyqwsx5wktcd8cc3sq835lu7drv2xwl2wywfgse35a3x", "CRYPTO_WALLET:addr1qx2fxv2umyhttkxyxp8x0dlpdt3k6cwng5pxj3jhsydzer3n0d3vllmyqwsx5wktcd8cc3sq835lu7drv2xwl2wywfgse35a3x")]
    [InlineData("44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A", "CRYPTO_WALLET:44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A")]
    [InlineData("w6kgamFuZS5kb2VAZXhhbXBsZS5jb20sIGdyw7zDn2U=", "EMAIL:w6kgamFuZS5kb2VAZXhhbXBsZS5jb20sIGdyw7zDn2U=")]
    [InlineData("c3a9206a616e652e646f65406578616d706c652e636f6d2c206772c3bcc39f65", "EMAIL:c3a9206a616e652e646f65406578616d706c652e636f6d2c206772c3bcc39f65")]
    [InlineData("0J/RgNC40LLQtdGCLCBtYWlsIGphbmUuZG9lQGV4YW1wbGUuY29t", "EMAIL:0J/RgNC40LLQtdGCLCBtYWlsIGphbmUuZG9lQGV4YW1wbGUuY29t")]
    [InlineData("d09fd180d0b8d0b2d0b5d1822c206d61696c206a616e652e646f65406578616d706c652e636f6d", "EMAIL:d09fd180d0b8d0b2d0b5d1822c206d61696c206a616e652e646f65406578616d706c652e636f6d")]
    [InlineData("我住在北京市朝阳区建国路88号3单元502室。", "ADDRESS:北京市朝阳区建国路88号3单元502室")]
    [InlineData("住所は東京都新宿区西新宿2-8-1です", "ADDRESS:東京都新宿区西新宿2-8-1")]
    [InlineData("收货地：广东省深圳市南山区科技路12号", "ADDRESS:广东省深圳市南山区科技路12号")]
    public void Forms_that_people_and_programs_write_too_are_found_whole(string text, string expected) => Assert.Equal(expected, Found(text));

    [Theory]
    [InlineData("icon@2x.png")]
    [InlineData("npm i react@18.2.0.tgz")]
    [InlineData("postgres://app:${DB_PASSWORD}@db/app")]
    [InlineData("redis://:***@cache:6379")]
    [InlineData("birthday party, order 19800399")]
    [InlineData("Order 00351 912 341 760")]
    [InlineData("the access token endpoint20240501 is new")]
    [InlineData("rN7n7otQDd6FczFgLdSqtcsAUxDkw6fzRX")]
    [InlineData("99601211-A is a part")]
    [InlineData("北京市朝阳区2024年人口统计")]
    [InlineData("地铁2号线和10号线")]
    [InlineData("東京都新宿区3月の天気")]
    public void What_only_looks_like_one_of_them_is_left_alone(string text) => Assert.Equal("", Found(text));

    [Theory]
    [InlineData("AKIA", "IOSFODNN7EXAMPLE")]
    [InlineData("ghp_", "16C7e42F292c6912E7710c838347Ae178B4a")]
    [InlineData("sk-ant-", "api03-0123456789abcdefghijABCDEFGHIJ-x_y")]
    [InlineData("sk-proj-", "0123456789abcdefghijABCDEFGHIJ0123456789")]
    [InlineData("AIza", "SyA-0123456789abcdefghijABCDEFGHIJ0")]
    [InlineData("xoxb-", "123456789012-abcdefABCDEF0123")]
    [InlineData("sk_live_", "4eC39HqLyjWDarjtT1zdp7dc")]
    [InlineData("hf_", "AbCdEfGhIjKlMnOpQrStUvWxYz012345")]
    [InlineData("glpat-", "AbCdEfGhIjKl01234567")]
    [InlineData("SG.", "ngeVfQFYQlKU0ufo8x5d1A.TwL2iGABf9DHoTf09kqeF8tAmbihYzrnopKcABCdefg")]
    [InlineData("ya29.", "a0AfB0byC1d2E3f4G5h6I7j8K9l0MnOpQrStUv")]
    [InlineData("glptt-", "f3d37a1bbf9298b22c214c48387ec95cc82a9f4d")]
    [InlineData("glpat-", "AbCdEfGhIjKl0123456789AbCde.01.0a1b2c3d4")]
    [InlineData("sk_org_live_", "4eC39HqLyjWDarjtT1zdp7dc4eC39HqL")]
    [InlineData("ABSK", "QmVkcm9ja0FQSUtleS0wMTIzNDU2Nzg5YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU2Nzg5QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo")]
    [InlineData("hvs.", "CAESIJ0123456789abcdefghijABCDEFGHIJ0123")]
    [InlineData("dp.pt.", "rcOYmSwEF8mbScIsoxuwQjui2xGMv298DwEJY4Vu2p3")]
    [InlineData("tskey-", "auth-hPG2KZdXOf8fCNTRL-Z9ccYg2jFLSz9D0LC8x8PUtePUKR52a")]
    [InlineData("SK", "34fb49be9125ac00bf324062fcaf6aaf")]
    [InlineData("123456789:AA", "2C7Ch4zZv3bVKlEyb8bETXthkfe1jI74Q")]
    [InlineData("MTIzNDU2Nzg5MDEyMzQ1Njc4.", "GLUs5C.iBs31lW700Bd5Yvpl3cdxY4HUYK")]
    [InlineData("VRQ8Q~", "7rnVJNNbUdpfVJyOMoXbsUjdVmkcSGq1xE")]
    [InlineData("qPxdSoa3GELwdZ.atlasv1.", "JHolT4KVjVKARtRQJtfFP9wEPJkDgJAIObs6tJHolT4KVjVKARtRQJtfFP9wEPJkD01")]
    [InlineData("2235ad55fbe83ae4b71938a37b3284bd-", "us12")]
    [InlineData("patT2VvGuZdzVKh6D.", "cdf4d10d24aab116b5896863ec21b36379625ec09ecdf4d10d24aab116b58968")]
    [InlineData("1//0", "sLSeICXsh1jOOVaaEtH5cst7d612ZgM6e63c7cYPeEJMyRu2qdavdZq")]
    public void Keys_with_a_beginning_of_their_own_are_found_in_text_and_in_code(string beginning, string rest)
    {
        // Put together here, so that scanners of repositories stay calm.
        var key = beginning + rest;
        Assert.Equal("API_KEY:" + key, Found($"use {key} for it"));
        Assert.Equal("API_KEY:" + key, Found($"client = Client(\"{key}\")"));
    }

    [Fact]
    public void Tokens_and_private_keys_are_found_whole()
    {
        const string jwt = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U";
        Assert.Equal("JWT:" + jwt, Found($"Authorization: Bearer {jwt}"));
        var pem = "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIEowIBAAKCAQEA0Z3VS5JJcds3xfn\n-----END RSA " + "PRIVATE KEY-----";
        Assert.Equal("PRIVATE_KEY:" + pem, Found($"here:\n{pem}\nthanks"));
        var jwe = "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ." + new string('k', 43) + ".48V1_ALb6US04U3b.5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9oMo4vpzs9tX.XFBoMYUZodetZdvTiFvSkQ";
        Assert.Equal("JWT:" + jwe, Found($"Authorization: Bearer {jwe}"));
        foreach (var hook in new[] { "hooks.slack.com/services/T3F8SNTR2/B7SINHDEDGU/" + "2ugN8aBcDeFgHiJkLmNoPqRs", "discord.com/api/webhooks/203366413099040127/" + new string('k', 67) + "7" })
        {
            Assert.Equal("CREDENTIAL_URL:https://" + hook, Found($"post to https://{hook}."));
        }
        var id = "AKIA" + "IOSFODNN7EXAMPLE";
        Assert.Equal($"API_KEY:{id}|API_KEY:wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKE1", Found($"{id} / wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKE1"));
        var ssh = "---- BEGIN SSH2 ENCRYPTED " + "PRIVATE KEY ----\n3XX6BMr/wDmgJHxq1\n---- END SSH2 ENCRYPTED " + "PRIVATE KEY ----";
        Assert.Equal("PRIVATE_KEY:" + ssh, Found(ssh));
        var putty = "PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nPrivate-" + "Lines: 1\n3XX6BMr/wDmgJHxq1\nPrivate-MAC: 34fb49be9125ac00bf324062fcaf6aaf";
        Assert.Equal("PRIVATE_KEY:" + putty, Found(putty));
        Assert.Equal("API_KEY:wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", Found("aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"));
    }

    [Theory]
    [InlineData("Natalia sold clips to 48 of her friends in April, and then she sold half as many clips in May.")]
    [InlineData("def truncate(number: float) -> float:\n    return number % 1.0  # version 1.2.3.4")]
    [InlineData("Order 4111111111111112 shipped on 2024-01-15 at 10:30:00, invoice 20240115-0042.")]
    [InlineData("The commit f7abe10990de2db94a326efa8a2390cb fixed issue 123456 in 12.5 % of 1,234,567 cases.")]
    [InlineData("ISBN 978-3-16-148410-0 and DOI 10.1000/182, pages 100-200, $1,850.00")]
    [InlineData("created 1732612345, id 0199c2a4-7d3b-7c11-9a65-4f3d2c1b0a99")]
    [InlineData("New York City is in the United States. Santa Clara Valley, General Motors and Morgan Stanley Bank met at Stanford University.")]
    [InlineData("std::vector<int> a; namespace::function(); 12:30:45")]
    [InlineData("Please ignore the word password in this sentence: it is not a secret.")]
    [InlineData("git@github.com:owner/repository.git")]
    [InlineData("sk-learn-pipeline-2024-final-version, fc-barcelona-2024-season-results-and-tables, access-production-environment-variables, tfp_training_forward_pass_probabilities_of_the_model")]
    [InlineData("12345678:AACCAGCTTAGC, chr1:AAGCTTAGCTAGCTAGCTAGCTAGCTAGCTAGCTA, 123456789:AAGCTTAGCTAGCTAGCTAGCTAGCTAGCTAGCTA, patient.record, 1//2 is a comment")]
    [InlineData("https://hooks.slack.com/services/ is where it begins, https://discord.com/api/webhooks/ too; MTIzNDU2Nzg5MDEyMzQ1Njc4.example.com, a.b.c-d.e")]
    [InlineData("The ratio was 3 4 5 6 7 and 0.25, 0.50, 0.75.")]
    [InlineData("tool_call_id: 123456789 call_duration_ns: 987654321 callStartTime=1764150000123 contact_count: 4155552671")]
    [InlineData("{\"run_id\": 123456782, \"total_duration\": 4111111111111111, \"account_event_id\": \"12345678\"}")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120.0.0.0 Safari/537.36")]
    [InlineData("at 0001-01-01 00:00:00 and 0001-01-01T00:00:00Z, 2026-11-26 10:00:00.1234567 +00:00")]
    [InlineData("gpt-4o-2024-08-06 claude-sonnet-4-5-20250929 chatcmpl-AbC0123456789xyz msg_01A09q90qw90lq917835lq9 call_62136354 fp_44709d6fcb req_011CSHoEeqs5C35K2UUqR7Fy")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01 4bf92f3577b34da6 sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824")]
    [InlineData("http://localhost:5080/v1/chat/completions http://127.0.0.1:54321/x System.Text.Json, Version=10.0.0.0")]
    [InlineData("startTimeUnixNano\":\"1764150000000000000\", epoch 1764150000123456, user-7, u-42, order NW-2024-001234, seed 12345678")]
    [InlineData("serial DE94370400440532013000 on the box")]
    [InlineData("Kapitel 3.2.1.4 beschreibt das, versión 10.4.12.1 también, раздел 1.2.3.4")]
    [InlineData("ORCID 0000-0002-1825-0097")]
    [InlineData("The password is long enough; the password is at least 12 characters")]
    [InlineData("我是高中生，名字很好听")]
    [InlineData("my number is 4155552 of 5000000")]
    [InlineData("released on March 12, 2024, and Apr 3, 1975 was a Thursday")]
    [InlineData("1990年5月17日に発売された")]
    [InlineData("run 12345678 and sin 87654321 in code")]
    // The shape of an IBAN without its check sum.
    [InlineData("ref GB82 WEST 1234 5698 7654 33 and on")]
    public void What_is_nobodys_is_left_alone(string text) => Assert.Equal("", Found(text));

    [Theory]
    [InlineData("SSN 5\u200b36-9\u200b0-43\u200b99", "SSN")]
    [InlineData("card ４１１１ １１１１ １１１１ １１１１", "CREDIT_CARD")]
    [InlineData("هاتف: +١ (٤١٥) ٥٥٥-٢٦٧١", "PHONE")]
    [InlineData("jane\u202e.doe@example.com", "EMAIL")]
    [InlineData("jane [at] example [dot] com", "EMAIL")]
    [InlineData("jane at example dot com", "EMAIL")]
    [InlineData("?mail=jane%40example.com", "EMAIL")]
    [InlineData("jane\\u0040example.com", "EMAIL")]
    [InlineData("jane&#64;example.com", "EMAIL")]
    [InlineData("data amFuZS5kb2VAZXhhbXBsZS5jb20gMjAyNA== end", "EMAIL")]
    [InlineData("data 6a616e652e646f65406578616d706c652e636f6d end", "EMAIL")]
    [InlineData("my card 4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 ok", "CREDIT_CARD")]
    public void A_disguise_does_not_hide_it(string text, string type)
    {
        var buffer = new FindingBuffer();
        PersonalDataScanner.Scan(text, buffer);
        Assert.Contains(buffer.Items.ToArray(), finding => finding.Type.Name() == type);
    }

    [Fact]
    public void Offsets_are_those_of_the_text_that_was_given()
    {
        const string text = "😀 mail \u200bja\u200bne@example.com\u200b!";
        var buffer = new FindingBuffer();
        PersonalDataScanner.Scan(text, buffer);
        var found = Assert.Single(buffer.Items.ToArray());
        Assert.Equal("ja\u200bne@example.com", text[found.Start..found.End].Trim('\u200b'));
        Assert.EndsWith("!", text[found.End..], StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_known_is_found_again()
    {
        const string text = "Patient Aaron Perez came in. When Aaron left, the wheel of Aaronson was seen.";
        Assert.Equal("PERSON:Aaron Perez|PERSON:Aaron", Found(text));
    }

    [Fact]
    public void Nothing_is_allocated_for_a_text_that_holds_nothing()
    {
        var text = string.Concat(Enumerable.Repeat("The quick brown fox of 1999 jumps over 12 lazy dogs; see section 4.2: it cost $5,000. ", 12));
        var buffer = new FindingBuffer();
        PersonalDataScanner.Scan(text, buffer);
        Assert.Equal(0, buffer.Count);
        Assert.Equal(0, Allocation.OfHundred(() => PersonalDataScanner.Scan(text, buffer)));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("@")]
    [InlineData("a@")]
    [InlineData("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb ")]
    [InlineData("1-2-3.")]
    [InlineData("::")]
    [InlineData("eyJ")]
    [InlineData("eyJh.")]
    [InlineData("Anna ")]
    [InlineData("Mr. ")]
    [InlineData("ssn: ")]
    [InlineData("phone ")]
    [InlineData("-----BEGIN PRIVATE KEY-----")]
    [InlineData("\u200b")]
    [InlineData("\ud83d")]
    [InlineData("\u202e😀")]
    [InlineData("QUJD")]
    [InlineData("https://a:b@c.de/")]
    [InlineData("+1 415 555 2671 ")]
    [InlineData("12 Main ")]
    [InlineData("GB82 ")]
    [InlineData("%40")]
    [InlineData(" at a dot ")]
    [InlineData("王 ")]
    public void A_hostile_megabyte_ends_with_findings_in_their_places(string unit)
    {
        var text = string.Concat(Enumerable.Repeat(unit, (1 << 20) / unit.Length));
        AssertOrdered(text);
    }

    [Fact]
    public void Whatever_the_text_findings_lie_in_it_in_order_and_apart() =>
        Gen.OneOf(
            Gen.String[Gen.Char["0123456789-. :@abcABCE=/+%\\\"\n()_,"], 0, 120], Gen.String[0, 60],
            Gen.Select(Gen.String[Gen.Char["0123456789 -"], 0, 40], Gen.String[0, 10], (a, b) => a + b + "\u200b@example.com " + a))
            .Sample(AssertOrdered, iter: 3_000);

    [Fact]
    public void A_sign_of_another_script_before_a_text_changes_nothing_in_it()
    {
        // ASCII is walked many signs at a time, other text sign by sign: both must see the same.
        string[] planted = ["jane@example.com", "SSN 536-90-4399", "+1 (415) 555-2671", "4111 1111 1111 1111", "GB82 WEST 1234 5698 7654 32", "born on 12 March 1980", "Dr. Anna Smith", "Patient: Tom Jones", "2199 Spruce Ave", "version 1.2.3.4", "password=hunter2!", "MRN-1003736", "The", "of May 12"];
        var part = Gen.OneOf(Gen.Int[0, planted.Length - 1].Select(i => planted[i]), Gen.String[Gen.Char["0123456789-. :@abcABCE=/+\"\n(),"], 0, 8]);
        part.List[1, 12].Sample(parts =>
        {
            var text = string.Join(' ', parts);
            var (plain, mixed) = (new FindingBuffer(), new FindingBuffer());
            PersonalDataScanner.Scan(text, plain);
            PersonalDataScanner.Scan("é\u001e" + text, mixed);
            Assert.Equal(plain.Items.ToArray(), mixed.Items.ToArray().Select(finding => finding with { Start = finding.Start - 2, End = finding.End - 2 }));
        }, iter: 3_000);
    }

    private static void AssertOrdered(string text)
    {
        var buffer = new FindingBuffer();
        PersonalDataScanner.Scan(text, buffer);
        var end = 0;
        foreach (var finding in buffer.Items)
        {
            Assert.True(finding.Start >= end && finding.End > finding.Start && finding.End <= text.Length);
            Assert.InRange(finding.Confidence, 0.5f, 1f);
            end = finding.End;
        }
    }

    private static string Found(string text)
    {
        var buffer = new FindingBuffer();
        PersonalDataScanner.Scan(text, buffer);
        var found = new StringBuilder();
        foreach (var finding in buffer.Items)
        {
            found.Append(found.Length > 0 ? "|" : "").Append(finding.Type.Name()).Append(':').Append(text[finding.Start..finding.End]);
        }
        return found.ToString();
    }
}
