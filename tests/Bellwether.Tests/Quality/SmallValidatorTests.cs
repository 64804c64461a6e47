using Bellwether.Quality;

namespace Bellwether.Tests;

/// <summary>Empty, length, language, refusal and citations.</summary>
public sealed class SmallValidatorTests
{
    [Theory]
    [InlineData("", ValidatorVerdict.Fail)]
    [InlineData(" \n\t ", ValidatorVerdict.Fail)]
    [InlineData("\u200b\u200d\ufeff", ValidatorVerdict.Fail)]
    [InlineData("...", ValidatorVerdict.Fail)]
    [InlineData("4", ValidatorVerdict.Pass)]
    [InlineData("👍", ValidatorVerdict.Pass)]
    [InlineData("``", ValidatorVerdict.Fail)]
    [InlineData("+", ValidatorVerdict.Pass)]
    public void An_answer_that_says_nothing_is_empty(string answer, ValidatorVerdict verdict) => Assert.Equal(verdict, EmptyValidator.Check(new(answer)).Verdict);

    [Fact]
    public void Length_is_judged_by_its_limits_and_by_the_providers()
    {
        Assert.Equal(ValidatorVerdict.Pass, LengthValidator.Check(new("B"), LengthLimits.Default).Verdict);
        Assert.Equal(ValidatorVerdict.Warn, LengthValidator.Check(new("short"), new(10, 100)).Verdict);
        Assert.Equal(ValidatorVerdict.Warn, LengthValidator.Check(new(new string('x', 101)), new(10, 100)).Verdict);
        Assert.Equal(ValidatorVerdict.Warn, LengthValidator.Check(new("It was cut in the mid") { WasCut = true }, LengthLimits.Default).Verdict);
        Assert.Equal(ValidatorVerdict.Pass, LengthValidator.Check(new("") { CallsTools = true }, new(10, 100)).Verdict);
    }

    [Theory]
    [InlineData("en", "The ship leaves the harbour in the morning and it will be back before dinner.")]
    [InlineData("de", "Das Schiff verlässt den Hafen am Morgen und wird vor dem Abendessen wieder zurück sein.")]
    [InlineData("fr", "Le bateau quitte le port dans la matinée et il sera de retour avant le dîner.")]
    [InlineData("es", "El barco sale del puerto por la mañana y estará de vuelta antes de la cena.")]
    [InlineData("it", "La nave lascia il porto di mattina e sarà di ritorno prima della cena con gli ospiti.")]
    [InlineData("pt", "O navio sai do porto de manhã e não estará de volta antes do jantar com os convidados.")]
    [InlineData("nl", "Het schip verlaat de haven in de ochtend en zal voor het eten weer terug zijn.")]
    [InlineData("pl", "Statek wypływa z portu rano i nie wróci przed kolacją, jak było w planie.")]
    [InlineData("sv", "Skeppet lämnar hamnen på morgonen och det är tillbaka före middagen som vi har sagt.")]
    [InlineData("tr", "Gemi sabah limandan ayrılıyor ve akşam yemeğinden önce geri dönecek, bu çok iyi bir haber.")]
    [InlineData("cs", "Loď opouští přístav ráno a vrátí se před večeří, jak je napsáno v plánu, který jsme dostali.")]
    [InlineData("fi", "Laiva lähtee satamasta aamulla ja se on takaisin ennen illallista, kuten myös eilen.")]
    [InlineData("ro", "Nava pleacă din port dimineața și se va întoarce înainte de cină, după cum este scris în plan.")]
    [InlineData("hu", "A hajó reggel hagyja el a kikötőt, és vacsora előtt már vissza is ér, ahogy az a tervben van.")]
    [InlineData("vi", "Con tàu rời cảng vào buổi sáng và sẽ trở lại trước bữa tối như đã nói trong kế hoạch.")]
    [InlineData("id", "Kapal itu akan meninggalkan pelabuhan pada pagi hari dan kembali sebelum makan malam untuk para tamu.")]
    [InlineData("ru", "Корабль выходит из порта утром и вернётся до ужина, как было сказано в плане.")]
    [InlineData("uk", "Корабель виходить із порту вранці й повернеться до вечері, як було сказано у плані.")]
    [InlineData("el", "Το πλοίο φεύγει από το λιμάνι το πρωί και θα επιστρέψει πριν από το δείπνο.")]
    [InlineData("ar", "تغادر السفينة الميناء في الصباح وتعود قبل العشاء كما هو في الخطة التي كان قد أعدها.")]
    [InlineData("he", "הספינה עוזבת את הנמל בבוקר ותחזור לפני ארוחת הערב.")]
    [InlineData("hi", "जहाज सुबह बंदरगाह से निकलता है और रात के खाने से पहले लौट आएगा।")]
    [InlineData("th", "เรือออกจากท่าเรือในตอนเช้าและจะกลับก่อนอาหารเย็น")]
    [InlineData("zh", "船早上离开港口，晚饭前会回来。")]
    [InlineData("ja", "船は朝に港を出て、夕食の前に戻ります。")]
    [InlineData("ko", "배는 아침에 항구를 떠나 저녁 식사 전에 돌아옵니다.")]
    public void A_sentence_is_enough_to_tell_a_language(string code, string text) => Assert.Equal(code, LanguageGuess.Of(text));

    [Theory]
    [InlineData("Wie lange dauert die Überfahrt und was kostet sie für einen Erwachsenen?", "The crossing takes two hours and it costs twenty euros for an adult.", ValidatorVerdict.Fail)]
    [InlineData("How long does the crossing take and what is the price for an adult?", "The crossing takes two hours and it costs twenty euros for an adult.", ValidatorVerdict.Pass)]
    [InlineData("Please translate this into German: the ship leaves the harbour in the morning.", "Das Schiff verlässt den Hafen am Morgen und kommt am Abend wieder zurück.", ValidatorVerdict.Unknown)]
    [InlineData("How do I print in Python, and what is the name of the function?", "```python\nprint('die und der das ist nicht von')\n```\nYou can use the function that is called print.", ValidatorVerdict.Pass)]
    [InlineData("ok", "The crossing takes two hours.", ValidatorVerdict.Unknown)]
    [InlineData("Mikä kaupunki Suomessa?", "Столица Франции: Париж.", ValidatorVerdict.Fail)]
    [InlineData("Write hello world in Japanese", "こんにちは世界、お元気ですか", ValidatorVerdict.Unknown)]
    [InlineData("Which ship sails there?", "Аврора", ValidatorVerdict.Unknown)]
    [InlineData("Schreibe eine SQL-Abfrage, die alle Kunden aus Berlin mit Namen und Alter findet.", "SELECT name, age FROM customers WHERE city = 'Berlin' AND is_active = 1 ORDER BY name;", ValidatorVerdict.Unknown)]
    [InlineData("Как прочитать файл в Python и вывести его строки?", "with open('file.txt') as f:\n    for line in f:\n        print(line)", ValidatorVerdict.Unknown)]
    [InlineData("Wie heißt das neue Album der Band und wann ist es erschienen?", "The Dark Side of the Moon, 1973", ValidatorVerdict.Unknown)]
    [InlineData("How long does the crossing take, and where does it start?", "Die Überfahrt ist in der Stadt am Hafen.", ValidatorVerdict.Fail)]
    [InlineData("Wie komme ich vom Bahnhof zum Hotel und wie lange dauert das?", "Take the tram and get off at the market (it is the stop of the line). It is a walk of two minutes.", ValidatorVerdict.Fail)]
    public void The_answer_speaks_the_language_of_the_question(string question, string answer, ValidatorVerdict verdict) =>
        Assert.Equal(verdict, LanguageValidator.Check(new(answer) { Question = question }).Verdict);

    [Theory]
    [InlineData("I'm sorry, but I can't help with that.", ValidatorVerdict.Fail)]
    [InlineData("I’m unable to assist with this request.", ValidatorVerdict.Fail)]
    [InlineData("Es tut mir leid, aber ich kann dabei nicht helfen.", ValidatorVerdict.Fail)]
    [InlineData("抱歉，我无法提供这方面的帮助。", ValidatorVerdict.Fail)]
    [InlineData("Es tut mir leid, aber dabei kann ich nicht helfen.", ValidatorVerdict.Fail)]
    [InlineData("Het spijt me, maar daar kan ik niet mee helpen.", ValidatorVerdict.Fail)]
    [InlineData("Xin lỗi, tôi không thể giúp bạn việc này.", ValidatorVerdict.Fail)]
    [InlineData("That's not something I can help with.", ValidatorVerdict.Fail)]
    [InlineData("No. I will not write that.", ValidatorVerdict.Fail)]
    [InlineData("Use the form; if you cannot help with it yourself, ask a colleague.", ValidatorVerdict.Pass)]
    [InlineData("You can't do that with a flag, but a script will do.", ValidatorVerdict.Pass)]
    [InlineData("The model answered \"I'm sorry, but I can't help with that\" in 12 of 100 cases.", ValidatorVerdict.Pass)]
    [InlineData("\"I'm sorry, but I can't help with that.\"", ValidatorVerdict.Fail)]
    public void A_refusal_says_so_at_the_beginning(string answer, ValidatorVerdict verdict) => Assert.Equal(verdict, RefusalValidator.Check(answer).Verdict);

    [Theory]
    [InlineData("The pump is old [2].", ValidatorVerdict.Pass)]
    [InlineData("The pump is old [5].", ValidatorVerdict.Fail)]
    [InlineData("The pump is old [1, 7].", ValidatorVerdict.Fail)]
    [InlineData("See https://example.org/pumps for more.", ValidatorVerdict.Pass)]
    [InlineData("See https://example.org/valves for more.", ValidatorVerdict.Fail)]
    [InlineData("It says \"the pump was replaced in the spring\".", ValidatorVerdict.Pass)]
    [InlineData("It says \"the pump will explode in the autumn of this year\".", ValidatorVerdict.Fail)]
    [InlineData("The pump is old [1-2].", ValidatorVerdict.Pass)]
    [InlineData("The pump is old [1–5].", ValidatorVerdict.Fail)]
    [InlineData("The pump is old (source 2).", ValidatorVerdict.Pass)]
    [InlineData("The pump is old (Source: 7).", ValidatorVerdict.Fail)]
    [InlineData("The pump is old (7 years).", ValidatorVerdict.Unknown)]
    [InlineData("The pump is old.", ValidatorVerdict.Unknown)]
    public void What_is_cited_exists(string answer, ValidatorVerdict verdict) => Assert.Equal(verdict, CitationValidator.Check(new(answer)
    {
        Context = "[1] The pump was replaced in the spring. [2] It was thirty years old; see https://example.org/pumps.",
    }).Verdict);

    [Theory]
    [InlineData("The pump is old (source 2).", ValidatorVerdict.Pass)]
    [InlineData("The pump is old [3].", ValidatorVerdict.Fail)]
    public void Headings_number_the_parts_of_a_context_too(string answer, ValidatorVerdict verdict) =>
        Assert.Equal(verdict, CitationValidator.Check(new(answer) { Context = "Source 1: The pump was replaced.\n\nSource 2: It was thirty years old." }).Verdict);
}
