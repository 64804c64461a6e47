namespace Bellwether.Detection;

/// <summary>What a label such as "SSN:" or "password=" says of the value behind it.</summary>
internal enum LabelKind : byte { None, Name, PerhapsName, Address, Ssn, NationalId, TaxId, Passport, DriverLicense, MedicalId, BankAccount, PersonalId, Password, Key }

internal static class Labels
{
    private static readonly WordTable s_kinds = Kinds(out s_lastWords);
    private static readonly WordTable s_lastWords;

    /// <summary>Of the words before a colon or an equals sign, in lower case and with blanks between them; the longest label at their end counts.</summary>
    public static LabelKind Of(ReadOnlySpan<char> words)
    {
        // Nearly all that stands before a colon ends in no label's last word.
        if (!s_lastWords.Contains(words[(words.LastIndexOf(' ') + 1)..]))
        {
            return LabelKind.None;
        }
        while (true)
        {
            if (s_kinds.Of(words) is var kind and not 0)
            {
                return (LabelKind)kind;
            }
            var space = words.IndexOf(' ');
            if (space < 0)
            {
                return LabelKind.None;
            }
            words = words[(space + 1)..];
        }
    }

    /// <summary>Whether a word could be a number that an office gave out: capital letters and digits, most of them digits.</summary>
    public static bool IsValue(ReadOnlySpan<char> word)
    {
        var digits = 0;
        foreach (var c in word)
        {
            if (char.IsAsciiDigit(c)) { digits++; }
            else if (!char.IsAsciiLetterUpper(c)) { return false; }
        }
        return digits >= 4 && digits * 2 >= word.Length;
    }

    private static WordTable Kinds(out WordTable lastWords)
    {
        var kinds = new Dictionary<string, LabelKind>(StringComparer.Ordinal);
        Add(LabelKind.Name, "full name,fullname,first name,firstname,last name,lastname,surname,family name,given name,givenname,middle name,maiden name,patient,patient name,patientname,employee,employee name,employeename,customer,customer name,customername,client name,claimant,applicant,applicant name,insured,policyholder,policy holder,beneficiary,account holder,account name,accountholder,cardholder,card holder,cardholder name,name on card,contact name,contact person,emergency contact,attending physician,physician,doctor,attorney,tenant,landlord,attn,signed by,author name,witness,spouse,next of kin,reviewed by,approved by,prepared by,requested by,passenger,guest name,student,student name,user name,display name,displayname,recipient name,sender name,nombre,nombres,nombre completo,apellidos,apellido,medico,médico,paciente,remitido por,responsable clínico,nom,nom complet,prénom,prenom,nom de famille,patiente,vorname,nachname,familienname,kunde,cognome,nome e cognome,nome completo,sobrenome,naam,voornaam,achternaam,navn,fornavn,etternavn,förnamn,efternamn,imię,imie,nazwisko,imię i nazwisko,имя,фамилия,отчество,фио,姓名,氏名,名前,お名前,이름,성명,الاسم,नाम,họ tên,họ và tên,nama,nama lengkap,ad,soyad,adı soyadı");
        Add(LabelKind.PerhapsName, "name,contact,client,author,manager,supervisor,from,to,cc,bcc,sender,recipient,buyer,seller,user,owner,assignee,reporter,agent,rep,representative,provider,nome,namn,nom du client,ship to,bill to,sold to,deliver to,father,mother,brother,sister,wife,husband,son,daughter,hi,dear,signed");
        Add(LabelKind.Address, "address,street address,street,streetaddress,home address,mailing address,billing address,shipping address,residential address,current address,address line 1,address 1,addr,domicilio,dirección,direccion,calle,adresse,anschrift,wohnort,straße,indirizzo,via,endereço,endereco,morada,adres,adress,adresa,ulica,адрес,住所,地址,주소,العنوان,पता,địa chỉ,alamat,adresi");
        Add(LabelKind.Ssn, "ssn,social security,social security number,socialsecuritynumber,social security no,social security #,ss number,ssn number,ssn#,ssn last four,itin,us ssn");
        Add(LabelKind.NationalId, "national id,nationalid,national id number,national identification number,national insurance number,national insurance no,nino,ni number,identity number,identity card,identity card number,id card,id card number,id number,id no,personal id,personal id number,citizen id,resident id,dni,nie,nif,cif,dni/nie,documento,documento de identidad,número de identidad,cédula,cedula,curp,cpf,rg,rut,run,cuil,cuit,nir,numéro de sécurité sociale,numero de securite sociale,personalausweis,personalausweisnummer,ausweisnummer,sozialversicherungsnummer,steuer-id,steueridentifikationsnummer,steuerliche identifikationsnummer,ahv,ahv-nr,codice fiscale,cf,bsn,burgerservicenummer,rijksregisternummer,personnummer,cpr,cpr-nummer,fødselsnummer,hetu,henkilötunnus,isikukood,pesel,rodné číslo,cnp,egn,oib,jmbg,amka,tc kimlik no,kimlik no,tckn,aadhaar,aadhaar number,aadhar,pan number,pan card,nric,nric number,fin number,hkid,sin,social insurance number,tfn,ppsn,pps number,nhs number,nhs no,national number,身份证,身份证号,身份证号码,身分證字號,身份證號碼,マイナンバー,個人番号,주민등록번호,снилс,паспорт,nid,insurance id,insurance number,inn,рнокпп,іпн,паспорт серия и номер,ahv-nummer,avs,numéro avs,steuer-idnr,steuer-id-nr,idnr,sv-nummer,sozialversicherungsnr,bsn-nummer,insz,niss,cpr-nr,cpr nr,fødselsnr,fnr,personnr,kennitala,asmens kodas,personas kods,numer pesel,nr pesel,rodne cislo,taj,taj szám,személyi szám,cod numeric personal,егн,emšo,emso,јмбг,αμκα,αφμ,tc kimlik,t.c. kimlik no,tc no,תעודת זהות,ת.ז.,رقم الهوية,رقم الهوية الوطنية,الرقم القومي,کد ملی,आधार,आधार संख्या,nik,no ktp,ktp,cccd,số cccd,cmnd,số cmnd,căn cước công dân,เลขบัตรประชาชน,เลขประจำตัวประชาชน,주민번호,ic no,mykad,cédula de ciudadanía,cedula de ciudadania,documento nacional de identidad,número de documento,documento de identificación,emirates id,civil id,rrn,מספר זהות,מספר הזהות,no kad pengenalan,kad pengenalan");
        Add(LabelKind.TaxId, "tax id,taxid,tax number,tax id number,tax identification number,taxpayer id,taxpayer identification number,ein,employer identification number,tin,vat,vat number,vat id,vat no,rfc,afm,nip,gstin,gst number,steuernummer,ust-idnr,ust-id,partita iva,p.iva,utr,utr number,abn,cnpj,инн,adóazonosító jel,vergi no,税号,納税者番号,nit,npwp,no npwp,mã số thuế,統一編號,统一社会信用代码,pib,ird number,tax file number");
        Add(LabelKind.Passport, "passport,passport no,passport number,passport #,passportnumber,passport id,pasaporte,número de pasaporte,passeport,numéro de passeport,reisepass,reisepassnummer,passnummer,passaporto,passaporte,paspoort,paspoortnummer,paszport,护照,护照号,护照号码,護照號碼,旅券番号,パスポート番号,여권번호,reisepass-nr,pass-nr,nr paszportu,număr pașaport,номер паспорта,загранпаспорт,hộ chiếu,số hộ chiếu,pasaport no,جواز السفر,رقم جواز السفر,passportnr,passnr,numero di passaporto,número do passaporte");
        Add(LabelKind.DriverLicense, "driver license,drivers license,driver's license,driver licence,driving licence,driving license,drivers licence,driver's licence,driver license number,driver's license number,driving licence number,driverlicense,license number,licence number,dl,dl number,dl no,führerschein,führerscheinnummer,permis de conduire,patente,rijbewijs,carnet de conducir");
        Add(LabelKind.MedicalId, "mrn,medical record,medical record number,medical record no,patient id,patientid,patient number,patient no,nhc,nass,hospital number,chart number,health id,health insurance number,health plan number,health card number,medicare number,medicare,medicaid,member id,policy number,policy,insurance policy,versichertennummer,krankenversicherungsnummer,número de historia,historia clínica,historia,episodio");
        Add(LabelKind.BankAccount, "account,account number,account no,account #,accountnumber,bank account,bank account number,acct,acct no,acct number,a/c,a/c no,checking account,savings account,routing number,routing,aba,sort code,bsb,kontonummer,konto,konto-nr,cuenta,número de cuenta,numero de cuenta,compte,numéro de compte,conto,conta,rekeningnummer");
        Add(LabelKind.PersonalId, "employee id,employeeid,emp id,emp,empid,employee number,employee no,staff id,student id,student number,badge number,badge id,badge,personnel number,personalnummer,matricule,matrikelnummer,nº col,nºcol,ncol,no col,colegiado,vehicle registration,license plate,licence plate,plate,number plate,vin,imei,device serial");
        Add(LabelKind.Password, "password,passwd,pwd,pass,passcode,passphrase,pin,pin code,contraseña,contrasena,mot de passe,passwort,kennwort,senha,wachtwoord,lösenord,hasło,пароль,密码,パスワード,비밀번호,db password,user password,root password");
        Add(LabelKind.Key, "api key,apikey,api token,access token,auth token,bearer,bearer token,authorization,authorization bearer,secret,secret key,client secret,access key,secret access key,aws secret access key,aws secret key,private key,session token,refresh token,token,x api key,account key,accountkey,sharedaccesskey,connection string,secretaccesskey,authtoken,clientsecret,accesstoken,refreshtoken,sessiontoken,x amz signature,x amz security token,x goog signature,encryption key,signing key,webhook secret,app secret,consumer secret,sas token,sig");
        lastWords = WordTable.Set(kinds.Keys.Select(label => label[(label.LastIndexOf(' ') + 1)..]), ignoresCase: false);
        return new(kinds.Select(pair => (pair.Key, (byte)pair.Value)), ignoresCase: false);

        void Add(LabelKind kind, string labels)
        {
            foreach (var label in labels.Split(','))
            {
                kinds.TryAdd(label, kind);
            }
        }
    }
}
