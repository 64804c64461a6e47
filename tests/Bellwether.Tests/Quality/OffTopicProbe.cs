namespace Bellwether.Tests;

/// <summary>Questions with an answer that belongs to them and one that does not, in languages that join words or write them without spaces. Of the unseen ones only the number that is right was looked at.</summary>
internal static class OffTopicProbe
{
    public sealed record Pair(string Question, string Fitting, string Other);

    public static readonly Pair[] Seen =
    [
        new("Wie lang ist die Rückerstattungsfrist?", "Die Frist der Rückerstattung beträgt 14 Tage ab Erhalt der Ware.", "Unsere Filiale in Bremen hat samstags bis 18 Uhr geöffnet."),
        new("Was kostet die Haftpflichtversicherung für Hundehalter?", "Für Halter von Hunden kostet die Versicherung der Haftpflicht 5 Euro im Monat.", "Das Rezept braucht drei Eier, etwas Mehl und eine Prise Salz."),
        new("Wo finde ich die Seriennummer der Waschmaschine?", "Die Nummer der Serie steht auf dem Schild hinter der Tür der Maschine.", "Der Zug nach Leipzig fährt um neun Uhr von Gleis vier."),
        new("退款需要多长时间？", "退款一般在三到五个工作日内到账。", "这本小说讲述了一个渔夫和他儿子的故事。"),
        new("如何重置我的密码？", "点击登录页面的“忘记密码”，然后按照邮件重置密码。", "长江是中国最长的河流，全长约六千三百公里。"),
        new("返品の期限はいつまでですか？", "返品の期限は商品到着後14日以内です。", "富士山は日本で一番高い山です。"),
        new("駐車場は無料ですか？", "はい、ホテルの駐車場は宿泊のお客様は無料でご利用いただけます。", "このレシピには卵が三個と砂糖が必要です。"),
        new("การคืนเงินใช้เวลานานเท่าไร", "การคืนเงินใช้เวลาประมาณห้าถึงเจ็ดวันทำการ", "แม่น้ำเจ้าพระยาไหลผ่านกรุงเทพมหานครลงสู่อ่าวไทย"),
        new("ร้านเปิดกี่โมง", "ร้านของเราเปิดเวลาเก้าโมงเช้าทุกวัน", "สูตรนี้ใช้ไข่สามฟองกับน้ำตาลเล็กน้อย"),
        new("환불은 며칠 걸리나요?", "환불은 보통 영업일 기준 3일에서 5일이 걸립니다.", "한라산은 제주도에 있는 산입니다."),
    ];

    public static readonly Pair[] Unseen =
    [
        new("Wie beantrage ich eine Aufenthaltsgenehmigung?", "Die Genehmigung für den Aufenthalt beantragen Sie bei der Behörde Ihres Wohnorts.", "Der Akku des Telefons hält etwa zwei Tage."),
        new("Welche Kündigungsfrist gilt für den Mietvertrag?", "Beim Vertrag über die Miete gilt für die Kündigung eine Frist von drei Monaten.", "Im Zoo wurden zwei junge Löwen geboren."),
        new("Wann beginnt die Ticketvorverkaufsphase?", "Der Vorverkauf der Tickets beginnt am ersten Mai.", "Streichen Sie die Wand zuerst mit einer Grundierung."),
        new("会员卡可以转让给别人吗？", "会员卡仅限本人使用，不能转让给别人。", "猫每天大约睡十二到十六个小时。"),
        new("怎样取消我的订单？", "在“我的订单”页面点击取消即可取消订单。", "秋天的北京天气凉爽，适合爬山。"),
        new("注文をキャンセルするにはどうすればいいですか？", "注文履歴のページから注文をキャンセルできます。", "猫は一日に十二時間以上眠ります。"),
        new("保証期間は何年ですか？", "製品の保証期間は購入日から二年です。", "電車は八時に駅を出発します。"),
        new("ฉันจะยกเลิกคำสั่งซื้อได้อย่างไร", "คุณสามารถยกเลิกคำสั่งซื้อได้ในหน้าประวัติการสั่งซื้อ", "แมวนอนหลับประมาณสิบสองชั่วโมงต่อวัน"),
        new("การรับประกันสินค้ามีกี่ปี", "สินค้ามีการรับประกันสองปีนับจากวันที่ซื้อ", "รถไฟออกจากสถานีเวลาแปดโมง"),
        new("주문을 취소하려면 어떻게 해야 하나요?", "주문 내역 페이지에서 주문을 취소할 수 있습니다.", "고양이는 하루에 열두 시간 이상 잡니다."),
    ];
}
