//! Notes, tickets, orders and chat of offices that name nobody, and notes that name the people of their own row: what stands in them must not
//! become people.
//!
//! The lines are of this project. Goods, places, companies, dishes and departments in them are or contain words that are somebody's name somewhere.

use std::fmt::Write;

use leakscope::classify::Scanner;
use leakscope::pattern::Patterns;
use serde_json::Value;

use crate::cli::{Folder, leakscope};
use crate::run::number;

/// Lines in Japanese without a person.
#[rustfmt::skip]
const JAPANESE: &[&str] = &[
    "シュガードーナツを20個、ハンマーを1本発注済み。", "タワーマンションの内覧は土曜に変更。", "カレッジリングのサイズ交換を希望。", "サンプル到着待ち。",
    "バーゲン対象外の商品です。", "コミュニケーション不足とのご指摘。", "ブランチ営業は11時から。", "新しいキャビンが届いていない。", "ローズウォーター欠品、入荷未定。",
    "マーチングバンド用の楽器を手配。", "メーカー様へ返品の連絡をした。", "スタッフさんの対応が良かったとのこと。", "オーナー様より鍵を受領。", "ユーザー様からの問い合わせ3件。",
    "ドライバーさん不在のため再配達。", "テナント様向け説明会の資料。", "渋谷行きの便に変更希望。", "大宮行き最終に間に合わず。", "品川発のぞみ号の領収書。",
    "福島工場の在庫を確認。", "千葉支店へ転送済み。", "松本営業所と長野営業所の間で遅延。", "山口県向けの送料が変わりました。", "宮崎マンゴーのゼリーが溶けていた。",
    "金沢カレーのレトルト、2箱。", "青森りんごジュースの定期便を解約。", "石川製作所の見積もりを比較。", "ヤマト運輸の伝票番号を確認中。", "ソラマチ店で受け取り希望。",
    "コーヒー、シュガー、ミルクは別送。", "ホッパーの詰まりを解消。", "ウェーバー部品の在庫なし。", "ルーラーとコンパスのセット。", "クロールの速度を下げてください。",
    "バッチ処理が失敗、ログを添付。", "サーバーのメモリ増設は月末に実施。", "メソッドの戻り値が違う。", "ファイル名に半角カナが入っている。", "ハッシュが一致しない。",
    "総務部と経理部で調整中。", "人事部 採用担当 各位", "品質保証課へ確認依頼。", "情報システム部門の承認待ち。", "会議は第二会議室、14時開始。",
    "教授用の参考書は取り寄せ。", "学生証の写しが必要。", "出演者用の控室を二部屋。", "先生方の昼食は12個。", "部長会議の資料は共有フォルダに。",
    "社長室の電話が鳴らない。", "会長印が必要な書類一式。", "店長会議は中止。", "駅長室で預かりの傘。", "夫婦茶碗のギフト包装。",
    "母の日のカーネーション、配達指定あり。", "父の日ギフトの熨斗は無し。", "赤ちゃん用品の棚替え。", "お子様ランチの旗を追加。", "皆様のご来店をお待ちしております。",
    "契約書第3条のとおり、甲は乙に通知する。", "乙の責めに帰すべき事由による損害。", "本契約の有効期間は一年間とする。", "代表者印を押印のうえ返送のこと。", "請求書は月末締め翌月払い。",
    "商品名：カレッジノート", "品番：A-1024 色：ローズ", "件名：シーズン終了のお知らせ", "備考：インターホン故障、置き配可", "内容：パスワードの再設定",
    "ラーメン、チャーハン、ギョーザ各一。", "ステーキの焼き加減はレアで。", "アレルギー：エビ、カニ", "マルゲリータとペスカトーレ。", "カプチーノをラテに変更。",
    "ラベンダーの香りが弱い。", "サファイアとルビーのペンダント修理。", "クリスタルグラスが割れていた。", "ジャスミンティー200g。", "アンジェリカの苗が枯れていた。",
    "ヴィーナスの石膏像、発送は来週。", "モーツァルトのCDが届かない。", "ピカソ展のチケットを二枚。", "アインシュタイン方程式の板書を撮影。", "シューベルト作曲の楽譜。",
    "梅雨明け後に屋根を塗装。", "夜明け前に納品完了。", "一月と二月の売上を比較。", "大和の湯の割引券。", "昭和の雑貨フェアを開催。",
    "桜並木のライトアップは中止。", "さくらの鉢植えを一つ。", "ひまわりの種、3袋。", "あずさ号の座席指定。", "こだま号に変更。",
];

/// Lines in other languages without a person; nouns of German are capitalised, and words of dummy text.
#[rustfmt::skip]
const OTHERS: &[&str] = &[
    "Der Kunde hat den Tisch und den Stuhl nicht erhalten.", "Bitte Lieferung am Montag vor der Garage abstellen.", "Wasser im Keller, Zimmer Nummer drei.",
    "Rechnung bezahlt, Mahnung wurde storniert.", "Vereinfachtes Chinesisch", "Kolumbianisches Spanisch", "Schuhe zu klein, Umtausch gewünscht.",
    "Garten und Balkon sind noch nicht fertig.", "Kein Strom im Haus seit Dienstag.", "Vertrag läuft bis Ende Mai weiter.", "Milch und Brot fehlen in der Kiste.",
    "La cliente n'a pas reçu la table blanche.", "Livraison prévue mardi devant le garage.", "Pain, Beurre et Confiture pour le petit déjeuner.", "Facture payée, rappel annulé.",
    "Rue fermée, repasser demain matin.", "Couleur Rose non disponible.", "Porte bleue au fond de la cour.", "Claire et bien rédigée, cette notice.",
    "El cliente no recibió la mesa blanca.", "Entrega el martes delante del garaje.", "Factura pagada, aviso anulado.", "Carta de reclamación enviada ayer.", "Mayo sin existencias.",
    "Rosa y blanco agotados hasta junio.", "Puerta azul al fondo del patio.", "Español Mexicano", "De klant heeft de tafel niet ontvangen.", "Levering dinsdag voor de garage.",
    "Rekening betaald, herinnering vervallen.", "Vereenvoudigd Chinees", "Deur blauw, achter in de straat.", "Il cliente non ha ricevuto il tavolo.", "Consegna martedì davanti al garage.",
    "Fattura pagata, sollecito annullato.", "Spagnolo Messicano", "O cliente não recebeu a mesa branca.", "Entrega terça em frente à garagem.", "Inglês Australiano",
    "Kunden har inte fått bordet.", "Leverans på tisdag framför garaget.", "Förenklad Kinesiska", "请输入一个有效的文本。", "订单已经发货,请确认。", "無法連線到伺服器,請您稍後再試。",
];

const NAMES: [&str; 4] = ["佐藤 太郎", "鈴木 花子", "高橋 健太", "田中 美咲"];

/// How many people a table of these columns and rows has: at least, best, at most.
fn people(table: &str) -> [u64; 3] {
    let folder = Folder::with(&[("notes.csv", table.as_bytes())]);
    let mut command = leakscope();
    command.current_dir(folder.path(""));
    let output = command
        .args(["scan", "notes.csv", "--json"])
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    ["min", "best", "max"].map(|name| number(&report, &["subjects", "persons", name]))
}

/// The names that are found in lines, with their line.
fn names(lines: &[&str]) -> Vec<String> {
    let patterns = Patterns::builtin();
    let mut scanner = Scanner::new(patterns);
    let (mut found, mut names) = (Vec::new(), Vec::new());
    for line in lines {
        found.clear();
        scanner.text(line, &mut found);
        let is_name = |kind: usize| patterns.kinds()[kind].name == "person-name";
        let of_people = found.iter().filter(|found| is_name(found.kind.0 as usize));
        names.extend(of_people.map(|found| format!("{} in {line}", &line[found.start..found.end])));
    }
    names
}

#[test]
fn few_words_of_notes_are_taken_for_names() {
    // Ceilings that only fall.
    let check = |lines: &[&str], most: usize| {
        let names = names(lines);
        assert!(
            names.len() <= most,
            "{} names:\n{}",
            names.len(),
            names.join("\n")
        );
    };
    check(JAPANESE, 4);
    check(OTHERS, 6);
}

#[test]
fn notes_without_people_count_nobody() {
    let table = |note: &dyn Fn(&str) -> String| {
        let mut table = String::from("name,email,note\n");
        for (n, line) in JAPANESE.iter().chain(OTHERS).enumerate() {
            let name = NAMES[n % NAMES.len()];
            writeln!(table, "{name},user{n}@example.com,\"{}\"", note(line)).unwrap();
        }
        people(&table)
    };
    let (with, without) = (table(&str::to_owned), table(&|_| String::new()));
    assert!(without[1] as usize == JAPANESE.len() + OTHERS.len());
    assert_eq!(with[..2], without[..2]);
}

#[test]
fn notes_that_name_the_row_s_own_person_add_nobody() {
    let check = |table: &str, expected: [u64; 3]| assert_eq!(people(table), expected, "{table}");
    check(
        "id,name,note\n1,山田 太郎,山田様より電話。太郎さん不在\n2,佐藤 花子,佐藤花子様より入金\n3,鈴木 一郎,鈴木さん怒っている\n",
        [3, 3, 3],
    );
    check(
        "id,氏名,備考\n1,山田太郎,山田様より電話\n2,佐藤花子,花子様ご本人\n",
        [2, 2, 2],
    );
    check(
        "id,customer_name,email,note\n1,John Smith,a@example.com,Mr. Smith called back\n2,Mary Johnson,b@example.com,Spoke with Mary about it\n",
        [2, 2, 2],
    );
    // Somebody else stays somebody else.
    check(
        "id,name,note\n1,山田 太郎,担当は佐々木健一です。折り返しの電話を希望。\n2,佐藤 花子,\n",
        [3, 3, 3],
    );
}
