// What people of the lab write in the languages they think in. Each sentence is put together of parts that go with each other;
// what matters is how the language looks, not what the sentence says.
import type { Random } from './random.js';

interface Language {
  /** One of each, in this order. */
  readonly parts: readonly (readonly string[])[];
  /** Between the parts. */
  readonly joint: string;
  readonly ends: readonly string[];
}

/** One line per part, its choices apart by `|`. */
const language = (text: string, { joint = ' ', ends = ['.', '.', '?'] as readonly string[] } = {}): Language => ({
  parts: text
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((choice) => choice.trim())),
  joint,
  ends,
});

const LANGUAGES: readonly Language[] = [
  language(`
    Der neue Sensor | Die gemessene Strömung | Das große Teleskop | Unser Vorverstärker | Die Wärmeleitfähigkeit der Probe | Jede Messreihe
    zeigt seit heute früh | hat während der Nacht | liefert nach dem Umbau | braucht für | überschreitet trotz | erklärt vielleicht
    zu hohe Werte | keine brauchbaren Spektren | mehr Rauschen als üblich | die übrigen Ausreißer | das gleiche Ergebnis wie zuvor | eine längere Belichtungszeit`),
  language(`
    Könnt ihr | Wer kann | Ich möchte | Wir müssen noch | Bis Freitag sollte jemand
    die Rohdaten aus Göttingen | den zweiten Versuch | alle Einträge mit Lücken | das Messprotokoll | die Tabelle der Stoffwerte
    hochladen | noch einmal prüfen | auswerten und ablegen | mit dem Modell vergleichen | löschen lassen`),
  language(`
    Le spectre de référence | L'échantillon prélevé hier | La pompe à vide | Notre modèle d'écoulement | Cette série d'essais | L'équipe de nuit
    n'a pas encore été | devrait être | sera probablement | est rarement | était déjà
    vérifié à basse pression | comparée aux données brutes | décrit dans le cahier | remplacé avant l'été | étalonnée grâce au laser | prête pour l'expérience
    à cause du bruit | depuis la panne d'août | d'après Hélène | : voir la figure n° 2 | (mesure répétée trois fois)`),
  language(
    `
    Où peut-on | Comment faut-il | Est-ce qu'on doit | Quand allez-vous | Pouvez-vous m'aider à
    télécharger | convertir | interpréter | supprimer | partager
    les relevés de marée | l'ensemble des fichiers | ces valeurs aberrantes | le catalogue d'étoiles | la dernière version du protocole`,
    { ends: [' ?'] },
  ),
  language(
    `
    ¿Dónde están | ¿Quién revisó | ¿Por qué no aparecen | ¿Cómo se calculan | ¿Podrías enviarme
    los espectros del año pasado | las últimas señales | los valores máximos | las imágenes de la cámara | los errores de medición
    de la estación de Córdoba | después del mantenimiento | según el método clásico | con más precisión`,
    { ends: ['?'] },
  ),
  language(`
    La muestra | El equipo de óptica | Nuestra hipótesis | La presión del depósito | El señal más débil
    todavía necesita | cambió mucho durante | se comparó con | también depende de | no explica
    otra calibración | la simulación | el experimento anterior | la corrección atmosférica | el pequeño desvío`),
  language(`
    As amostras | O próximo relatório | A equipa de manhã | Os espectrómetros | Uma simulação maior
    não tem | vai precisar de | já mostrou | está à espera de | melhorou com
    medições suficientes | a calibração nova | ficheiros atualizados | três repetições | uma explicação melhor`),
  language(`
    La camera pulita | Il campione più freddo | Questa curva | Il gruppo di chimica | L'ultima misura
    è stata | non può essere | verrà | sembra
    ripetuta con attenzione | corretta dopo l'aggiornamento | salvata nella cartella condivisa | più stabile di ieri | già pubblicata`),
  language(`
    De nieuwe opstelling | Het tweede monster | Onze meetreeks | Iedere waarneming
    heeft vannacht | krijgt binnenkort | toont opnieuw | vergt volgens Joris
    te veel ruis | een betere ijking | geen duidelijke piek | twee uur extra tijd`),
  language(`
    Mätningen från i går | Den nya kylaren | Varje prov | Vår modell för flödet
    behöver | visar fortfarande | får inte ha | gav till slut
    högre värden än väntat | en längre körning | några få avvikelser | rätt svar på frågan`),
  language(`
    Próbka numer dwa | Nowy zasilacz | Każdy pomiar | Zespół z Łodzi | Średnia wartość
    wymaga | pokazała znów | nie ma jeszcze | może zmienić
    dłuższej ekspozycji | błędów w tabeli | żadnych wyników | położenie czujnika | większej dokładności`),
  language(`
    Dünkü ölçümler | Yeni örnek | Güneş gözlemevi | Basınç değeri | Bu çalışma grubu
    için önce | hakkında yarın | nedeniyle hâlâ | üzerinde şimdi
    düzeltme gerekiyor | rapor yazılacak | sonuç bekliyoruz | küçük değişiklik yapıldı`),
  language(`
    Mẫu thứ hai | Kết quả đo hôm qua | Cảm biến áp suất | Nhóm nghiên cứu
    cần được | chưa | đã | sẽ
    kiểm tra lại | gửi cho phòng thí nghiệm | so sánh với mô hình | lưu vào bảng`),
  language(`
    Data pengamatan | Sampel ketiga | Suhu ruangan | Laporan bulan lalu
    belum | harus segera | sudah | tidak perlu
    diperiksa ulang | dikirim ke kepala laboratorium | disimpan bersama lampirannya | dibandingkan dengan hasil simulasi`),
  language(`
    Учёные из Новосибирска | Второй образец | Температура в камере | Новая серия измерений | Этот график
    показывает | требует | до сих пор не имеет | подтвердил(а) за ночь | после ремонта даёт
    слишком большой шум | ещё одной проверки | ошибку около 3 % | результат прошлого года | «чистый» спектр`),
  language(
    `
    Το δεύτερο δείγμα | Η νέα μέτρηση | Ο ανιχνευτής της ομάδας
    χρειάζεται | δεν έχει | δείχνει ακόμη
    μεγαλύτερη ακρίβεια | καθαρό φάσμα | τις ίδιες τιμές`,
    { ends: ['.', ';'] },
  ),
  language(
    `
    العينة الثانية | نتائج القياس الجديد | فريق المختبر | درجة حرارة الغرفة
    تحتاج إلى | لم تصل بعد من | تختلف عن | يقارن الآن
    معايرة أخرى | قاعدة البيانات | القيم السابقة | النموذج النظري`,
    { ends: ['.', '؟', '،'] },
  ),
  language(
    `
    दूसरा नमूना | कल का मापन | प्रयोगशाला का दल | कक्ष का तापमान
    अभी भी | पिछले सप्ताह से | रिपोर्ट के अनुसार
    जाँच माँगता है | बहुत अधिक है | तालिका में नहीं है`,
    { ends: ['।', '?', ''] },
  ),
  language(
    `
    第二批样本 | 新的望远镜 | 实验室温度 | 上周的观测结果 | 这个模型 | 我们小组
    还没有 | 需要重新 | 应该在周五之前 | 比预期更早地 | 不能直接
    校准 | 上传到数据库 | 与理论值进行比较 | 给出稳定的读数 | 转换为 JSON 文件 | 说明异常的原因`,
    { joint: '', ends: ['。', '？', '，请回复。', ''] },
  ),
  language(
    `
    二番目の試料は | 新しい検出器の感度が | 先週の観測データを | この実験では | 真空ポンプの圧力が
    まだ | もう一度 | 予想より | 夜のうちに | 論文のとおり
    測定していません | 確認してください | 高くなりました | 表に保存します | CSV に変換できますか`,
    { joint: '', ends: ['。', '？', ''] },
  ),
  language(
    `
    두 번째 시료는 | 새로운 관측 결과를 | 실험실 온도가 | 이번 주 보고서는
    아직 | 다시 한번 | 예상보다 | 금요일까지
    확인이 필요합니다 | 높게 나왔습니다 | 데이터베이스에 올려 주세요 | 분석할 수 있나요`,
    { ends: ['.', '?', ''] },
  ),
];

/** Sentences of one person, who writes in one of these languages. */
export function foreignSentences(random: Random, many: number): string {
  const { parts, joint, ends } = random.pick(LANGUAGES);
  const sentence = (): string => `${parts.map((choices) => random.pick(choices)).join(joint)}${random.pick(ends)}`;
  return Array.from({ length: many }, sentence).join(random.chance(0.15) ? '\n' : joint);
}
